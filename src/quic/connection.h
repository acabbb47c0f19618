// One QUIC connection: ngtcp2 and GnuTLS on one side, a link::Link on the other.
//
// Events from the library are kept here while a batch of packets is read and delivered by the endpoint afterwards, so
// that no library callback ever reaches another connection. Datagrams are pulled from the leg at the moment a packet
// is written. Owned by the endpoint; used on its thread only.
#pragma once

#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline_heap.h"
#include "base/packet_batch.h"
#include "egress/shaper.h"
#include "link/leg.h"
#include "link/link.h"
#include "quic/connection_id.h"
#include "quic/control_stream.h"
#include "quic/endpoint_config.h"
#include "quic/flight_ceiling.h"
#include "quic/path_size.h"
#include "quic/tls.h"

namespace softlan::quic {

class Connection;

// What a connection needs of its endpoint.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  virtual Random& random() = 0;
  virtual FramePool& pool() = 0;
  virtual const EndpointConfig& config() const = 0;
  [[nodiscard]] virtual ConnectionId new_id() = 0;
  virtual void add_id(const ConnectionId& id, Connection& connection) = 0;
  virtual void remove_id(const ConnectionId& id) = 0;
  // A frame or echo came in; it is delivered after the batch.
  virtual void received(link::Received received) = 0;
  virtual void bad_datagram(Connection& connection, obs::DropReason reason) = 0;
  // The connection has something to write or to deliver.
  virtual void wants_turn(Connection& connection) = 0;
};

class Connection final : public link::Link {
 public:
  enum class State : std::uint8_t {
    handshaking,
    up,
    closing,  // close() was called: the control stream drains, then CONNECTION_CLOSE is sent
    failing,  // an error of ours or the peer's is to be told with CONNECTION_CLOSE
    dead,     // nothing more is sent or read
  };

  Connection(ConnectionHost& host, const TlsContext& tls, const std::string& server_name);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Exactly one of these follows construction; false when the library refuses. `original` is the id the peer began with
  // when `initial` answers a Retry.
  [[nodiscard]] bool accept(TimePoint now, const NetworkPath& path, const ngtcp2_pkt_hd& initial,
                            const std::optional<ConnectionId>& original);
  [[nodiscard]] bool dial(TimePoint now, const NetworkPath& path, std::uint16_t room_hash);

  void on_packet(TimePoint now, const ReceivedPacket& packet);
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const;
  // The network refuses the peer's address (ICMP): an established or opening connection ends.
  void on_unreachable(TimePoint now);

  // Ends without a word, to make room for another.
  void give_way(TimePoint now);

  // Goes on from another local address (RFC 9000, section 9): after the machine's route to the peer has changed.
  void migrate(TimePoint now, const SocketAddress& local);

  // Writes packets until nothing is left, congestion control stops it, or the batch is full (false: call again).
  [[nodiscard]] bool write(TimePoint now, SendBatch& batch);
  // Hands everything collected to the owner but received frames, which the endpoint keeps.
  void deliver(TimePoint now, link::LinkOwner& owner);

  [[nodiscard]] State state() const { return state_; }
  // Set when the connection died by itself and the owner has to know.
  [[nodiscard]] const std::optional<link::LinkEnd>& end() const { return end_; }
  [[nodiscard]] bool owner_knows() const { return owner_knows_; }

  // link::Link
  void send_frame(TimePoint now, PeerId sender, FrameRef frame) override;
  void send_echo(TimePoint now, PeerId sender, const proto::Echo& echo) override;
  [[nodiscard]] bool send_control(Bytes bytes) override;
  void close(link::CloseCode code, std::string_view reason) override;
  void set_keep_alive(Duration silence) override;
  [[nodiscard]] const link::Fingerprint& peer_identity() const override { return peer_identity_; }
  [[nodiscard]] const link::ChannelBinding& channel_binding() const override { return channel_binding_; }
  [[nodiscard]] SocketAddress peer_address() const override;
  [[nodiscard]] link::LinkStats stats() const override;
  [[nodiscard]] const obs::Counters& counters() const override { return leg_.counters(); }

  std::vector<ConnectionId> ids;  // under which the endpoint finds it
  HeapPlace heap_place;           // in the endpoint's deadline heap
  std::size_t slot = 0;           // in the endpoint's table
  bool has_turn = false;          // is in the endpoint's list of connections to look at

 private:
  friend struct Callbacks;

  [[nodiscard]] ngtcp2_settings make_settings(TimePoint now) const;
  [[nodiscard]] ngtcp2_transport_params make_params() const;
  [[nodiscard]] bool start(int rv);
  int on_handshake_completed();
  void on_datagram(Bytes datagram);
  void control_stream_lost();
  void on_read_error(int rv);
  void fail(link::LinkEnd end);
  void end_as_the_peer_said();
  void die();
  [[nodiscard]] bool close_is_due(TimePoint now) const;
  // When frames that the shaper holds back may go on; kNever when it holds none.
  [[nodiscard]] TimePoint shaper_deadline() const;
  // False when the batch had no room for it.
  [[nodiscard]] bool write_close(TimePoint now, SendBatch& batch);
  // One packet into `room`; 0 when nothing may or need be sent, negative for a library error.
  ngtcp2_ssize write_packet(TimePoint now, MutableBytes room);
  ngtcp2_ssize write_control(TimePoint now, MutableBytes room);
  [[nodiscard]] bool may_send_frames(TimePoint now) const { return state_ == State::up && shaper_.opens_at() <= now; }
  [[nodiscard]] std::uint64_t frame_rate() const;
  // At the ceiling only what new flows have goes on: it is not they who fill the path.
  [[nodiscard]] egress::Turn turn() const;
  // Packets that came are not acknowledged yet, since frames will soon go the same way.
  [[nodiscard]] bool answers_later(TimePoint now) const;
  // When they are at the latest; kNever when the library says when: it lets a single one wait.
  [[nodiscard]] TimePoint answer_deadline() const { return unanswered_ < 2 ? kNever : unanswered_since_ + kPatience; }
  // Path probes that are due; false when the batch had no room for them.
  [[nodiscard]] bool write_probes(TimePoint now, SendBatch& batch);
  [[nodiscard]] ngtcp2_conn_info congestion() const;
  ngtcp2_ssize write_probe(TimePoint now, MutableBytes room, bool& accepted);
  void commit(TimePoint now, SendBatch& batch, std::size_t size, bool alone = false);
  ngtcp2_ssize write_datagram(TimePoint now, MutableBytes room, const link::Leg::Outgoing& outgoing);
  // Ends a packet that has frames with a filler that makes it as long as those before it.
  ngtcp2_ssize write_filler(TimePoint now, MutableBytes room);
  // What that filler would hold; 0 when none fits or none is worth it.
  [[nodiscard]] std::size_t filler_size() const;
  void update_budget();
  [[nodiscard]] std::size_t largest_payload() const;
  [[nodiscard]] std::size_t datagram_budget() const;

  // Acknowledgements wait so long for something to travel with: an answer to what came, mostly, or frames that wait for
  // their turn. The library would send them alone, after an eighth of the round trip, and wake everybody on the way
  // once more. Its timers for losses are the same, and wait as well.
  static constexpr Duration kPatience = std::chrono::milliseconds(2);

  ConnectionHost& host_;
  ngtcp2_conn* connection_ = nullptr;
  TlsSession tls_;
  link::Leg leg_;
  egress::Shaper shaper_;
  bool is_relay_;

  State state_ = State::handshaking;
  std::optional<link::LinkEnd> end_;
  ngtcp2_ccerr close_error_{};
  std::string close_reason_;
  TimePoint now_{};  // of the current turn, for library callbacks
  TimePoint last_read_{};
  TimePoint last_datagram_{};     // when a packet with one was written
  std::uint32_t unanswered_ = 0;  // packets that came since the last one was written ...
  TimePoint unanswered_since_{};  // ... the first of them
  TimePoint close_deadline_ = kNever;
  bool reset_by_peer_ = false;
  bool owner_knows_ = false;  // on_link_up was delivered and close() not called

  std::int64_t control_stream_ = -1;
  bool control_blocked_ = false;
  ControlSendBuffer control_out_;
  std::vector<std::uint8_t> control_in_;
  bool up_pending_ = false;
  std::size_t budget_ = 0;
  bool budget_pending_ = false;
  link::Fingerprint peer_identity_;
  link::ChannelBinding channel_binding_{};

  PathSize path_size_;
  FlightCeiling ceiling_;
  bool has_round_trip_ = false;       // a new one, from the packet being read
  bool packet_has_datagram_ = false;  // the one being written
  std::size_t packet_content_ = 0;    // bytes that datagrams take in it
  // Of the packets written in this turn: how long the last was, the least that one had beside datagrams, and when their
  // fate is known (zero: not asked yet).
  std::size_t run_size_ = 0;
  std::size_t run_overhead_ = SIZE_MAX;
  Duration run_patience_{};
  ngtcp2_path_storage write_path_{};
  ngtcp2_pkt_info write_info_{};
  std::uint64_t packets_lost_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace softlan::quic
