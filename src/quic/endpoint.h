// A QUIC endpoint: connections behind one UDP socket, for the relay (accepts) and for members (dials).
//
// The four verbs of a core: packets in, deadlines in, packets out through a PacketSender, events out to a LinkOwner.
// Packets of a batch are all read first; then what they brought is delivered; then flush() writes. No clock, no
// socket, no thread of its own. docs/life-of-a-frame.md, stations "open" and "seal".
//
// A handshake costs a relay as much as hundreds of frames. So packets of strangers and of connections still in their
// handshake wait, at most kMaxWaiting of them, and are read one a turn, in turns that bring nothing else: a frame never
// waits for more than one signature. When too many handshakes are under way, newcomers have to answer a Retry first.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deadline_heap.h"
#include "base/frame_pool.h"
#include "base/packet_batch.h"
#include "base/random.h"
#include "base/ring.h"
#include "base/token_bucket.h"
#include "link/link.h"
#include "quic/connection.h"
#include "quic/connection_id.h"
#include "quic/endpoint_config.h"
#include "quic/retry.h"
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
  std::uint64_t retries = 0;               // Retry packets sent
  std::uint64_t bad_tokens = 0;            // Initials with a token that was not given to them
  std::uint64_t handshakes_delayed = 0;    // packets dropped because too many waited; their senders repeat them

  // Packets that belonged to no connection and opened none.
  [[nodiscard]] std::uint64_t strange_packets() const {
    return junk_packets + unknown_connections + version_negotiations + refused_connections + retries + bad_tokens +
           handshakes_delayed;
  }
  EndpointCounters& operator+=(const EndpointCounters& other);
};

class Endpoint final : public ConnectionHost {
 public:
  static constexpr std::size_t kMaxWaiting = 256;  // packets of handshakes; 0.4 MB

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
  [[nodiscard]] TimePoint next_deadline() const { return std::min(deadlines_.next(), next_handshake_); }
  // ICMP says that nobody listens at the address the (connected) socket talks to.
  void on_unreachable(TimePoint now);
  // The socket has been replaced by one with another local address.
  void on_new_local(TimePoint now, const SocketAddress& local);
  // The socket takes packets again after PacketSender::send() said no.
  void on_writable(TimePoint now);
  // Once at the end of a turn: writes what there is to write and ends what has ended.
  void flush(TimePoint now);

  [[nodiscard]] std::size_t connections() const { return connections_.size(); }
  // Those of a relay that are still in their handshake.
  [[nodiscard]] std::size_t half_open() const { return half_open_.size(); }
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

  // A packet of a handshake, kept until there is time for it.
  struct Waiting {
    std::vector<std::uint8_t> data;
    NetworkPath path;
    std::uint8_t ecn = 0;
    std::optional<ConnectionId> original;  // of an Initial that answers a Retry
  };

  // The connection the last packet was for, if this one is for the same id of it: packets come in runs.
  [[nodiscard]] Connection* same_as_last(const ReceivedPacket& packet) const;
  // Whose packet this is; null when it was nobody's, or waits.
  Connection* route(TimePoint now, const ReceivedPacket& packet);
  Connection* adopt(std::unique_ptr<Connection> connection);

  // A relay and those it does not know yet: endpoint_handshakes.cc
  void on_initial(TimePoint now, const ReceivedPacket& packet);
  void wait(TimePoint now, const ReceivedPacket& packet, const std::optional<ConnectionId>& original);
  void read_waiting(TimePoint now);
  Connection* owner_of(TimePoint now, const Waiting& packet);
  Connection* accept(TimePoint now, const Waiting& packet);
  void no_longer_half_open(const Connection& connection);
  void answer_retry(TimePoint now, const ReceivedPacket& packet, const ngtcp2_pkt_hd& initial);
  void answer_version(TimePoint now, const ReceivedPacket& packet, const ngtcp2_version_cid& header);
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
  ConnectionId last_id_;  // of the last packet with a short header, whose owner is no longer in its handshake
  Connection* last_owner_ = nullptr;
  DeadlineHeap<Connection> deadlines_;
  std::vector<Connection*> turn_;    // has_turn: to be delivered, written, maybe destroyed
  std::vector<Connection*> ending_;  // turn_ is moved here while the dead ones are told of
  std::vector<link::Received> received_;
  std::vector<link::Received> delivering_;
  std::vector<BadDatagram> bad_;
  SendBatch batch_;
  bool blocked_ = false;
  TokenBucket resets_;
  TokenBucket negotiations_;
  TokenBucket newcomers_;  // who need not answer a Retry

  Retry retry_;
  Ring<Waiting> waiting_;
  TimePoint next_handshake_ = kNever;   // when the first of them may be read
  std::vector<Connection*> half_open_;  // the oldest first
};

}  // namespace softlan::quic
