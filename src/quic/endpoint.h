// A QUIC endpoint: connections behind one UDP socket, for the relay (accepts) and for members (dials).
//
// The four verbs of a core: packets in, deadlines in, packets out through a PacketSender, events out to a LinkOwner.
// Packets of a batch are all read first; then what they brought is delivered; then flush() writes. No clock, no
// socket, no thread of its own. docs/life-of-a-frame.md, stations "open" and "seal".
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deadline_heap.h"
#include "base/frame_pool.h"
#include "base/packet_batch.h"
#include "base/random.h"
#include "base/token_bucket.h"
#include "link/link.h"
#include "quic/connection.h"
#include "quic/connection_id.h"
#include "quic/endpoint_config.h"
#include "quic/tls.h"

namespace softlan::quic {

// What arrived but belonged to nobody.
struct EndpointCounters {
  std::uint64_t packets = 0;
  std::uint64_t junk_packets = 0;          // not QUIC, or an Initial that is none
  std::uint64_t unknown_connections = 0;   // short headers for ids nobody here has
  std::uint64_t version_negotiations = 0;  // answers sent
  std::uint64_t stateless_resets = 0;      // sent
  std::uint64_t refused_connections = 0;   // over max_connections, or the library refused
  std::uint64_t failed_handshakes = 0;     // not finished in time, another protocol, no certificate that counts
};

class Endpoint final : public ConnectionHost {
 public:
  // Everything is borrowed and must outlive the endpoint.
  Endpoint(EndpointConfig config, const TlsContext& tls, FramePool& pool, Random& random, link::LinkOwner& owner,
           PacketSender& sender);
  ~Endpoint() override;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // Member: opens a connection; events follow through the owner. Null when TLS or QUIC refuse (out of memory).
  // The link stays valid until on_link_down() or the flush() after its close().
  link::Link* dial(TimePoint now, const NetworkPath& path, const std::string& server_name, std::uint16_t room_hash);

  void on_packets(TimePoint now, std::span<const ReceivedPacket> packets);
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return deadlines_.next(); }
  // ICMP says that nobody listens at the address the (connected) socket talks to.
  void on_unreachable(TimePoint now);
  // The socket has been replaced by one with another local address.
  void on_new_local(TimePoint now, const SocketAddress& local);
  // The socket takes packets again after PacketSender::send() said no.
  void on_writable(TimePoint now);
  // Once at the end of a turn: writes what there is to write and ends what has ended.
  void flush(TimePoint now);

  [[nodiscard]] std::size_t connections() const { return connections_.size(); }
  [[nodiscard]] const EndpointCounters& counters() const { return counters_; }

  // ConnectionHost, for this endpoint's own connections
  Random& random() override { return random_; }
  FramePool& pool() override { return pool_; }
  const EndpointConfig& config() const override { return config_; }
  ConnectionId new_id() override;
  void add_id(const ConnectionId& id, Connection& connection) override;
  void remove_id(const ConnectionId& id) override;
  void received(link::Received received) override { received_.push_back(std::move(received)); }
  void bad_datagram(Connection& connection, obs::DropReason reason) override { bad_.push_back({&connection, reason}); }
  void wants_turn(Connection& connection) override;

 private:
  struct IdHash {
    std::uint64_t secret;
    std::size_t operator()(const ConnectionId& id) const;
  };
  struct BadDatagram {
    Connection* connection;
    obs::DropReason reason;
  };

  Connection* route(TimePoint now, const ReceivedPacket& packet);
  Connection* accept(TimePoint now, const ReceivedPacket& packet);
  Connection* adopt(std::unique_ptr<Connection> connection);
  void answer_version(const ReceivedPacket& packet, const ngtcp2_version_cid& header);
  void answer_reset(TimePoint now, const ReceivedPacket& packet, const ngtcp2_version_cid& header);
  void deliver(TimePoint now);
  // False when the socket is blocked.
  bool write_all(TimePoint now);
  bool send_batch();
  void reap(TimePoint now);
  void destroy(Connection& connection);

  EndpointConfig config_;
  const TlsContext& tls_;
  FramePool& pool_;
  Random& random_;
  link::LinkOwner& owner_;
  PacketSender& sender_;
  EndpointCounters counters_;

  std::vector<std::unique_ptr<Connection>> connections_;
  std::unordered_map<ConnectionId, Connection*, IdHash> by_id_;
  DeadlineHeap<Connection> deadlines_;
  std::vector<Connection*> turn_;    // has_turn: to be delivered, written, maybe destroyed
  std::vector<Connection*> ending_;  // turn_ is moved here while the dead ones are told of
  std::vector<link::Received> received_;
  std::vector<link::Received> delivering_;
  std::vector<BadDatagram> bad_;
  SendBatch batch_;
  bool blocked_ = false;
  TokenBucket resets_;
};

}  // namespace softlan::quic
