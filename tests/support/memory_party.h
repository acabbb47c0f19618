// A relay's endpoint and its members on one table: real QUIC and TLS, packets handed over in memory, a clock of its
// own.
//
// For tests and benchmarks of the frame path. Two kinds of turn alternate, each at its own moment: the members' (they
// read what the relay sent, acknowledge it and send frames) and the relay's. One thread; once warm, a turn allocates
// nothing that is not the endpoints'.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/frame_pool.h"
#include "base/packet_batch.h"
#include "base/random.h"
#include "ctrl/codec.h"
#include "proto/mac.h"
#include "quic/endpoint.h"
#include "quic/tls.h"

namespace softlan::test {

// UDP datagrams on their way to one endpoint.
class Inbox {
 public:
  void add(Bytes data, const SendBatch::Packet& packet);
  // As the receiver sees them; valid until the next call of any function.
  [[nodiscard]] std::span<const ReceivedPacket> packets();
  void clear();

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<SendBatch::Packet> sent_;  // offsets are into bytes_
  std::vector<ReceivedPacket> packets_;
};

// Sends a member's packets to the relay, or the relay's to the member whose port they name.
class MemorySender final : public PacketSender {
 public:
  // Borrowed. The first inbox belongs to `first_port`, the next to the port after it, and so on.
  MemorySender(std::span<Inbox> inboxes, std::uint16_t first_port) : inboxes_(inboxes), first_port_(first_port) {}
  bool send(SendBatch& batch) override;
  // That a socket would have given the system (run_length).
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

 private:
  std::span<Inbox> inboxes_;
  std::uint16_t first_port_;
  std::uint64_t messages_ = 0;
};

// One client of the room: says hello, waits for welcome, counts the frames it gets.
class MemoryMember final : public link::LinkOwner {
 public:
  MemoryMember(proto::Mac mac, Bytes relay_certificate, FramePool& pool, Random& random, PacketSender& sender);

  [[nodiscard]] const proto::Mac& mac() const { return mac_; }
  [[nodiscard]] quic::Endpoint& endpoint() { return endpoint_; }
  // Null until the handshake is done.
  [[nodiscard]] link::Link* link() const { return link_; }
  [[nodiscard]] bool welcome() const { return welcome_; }
  [[nodiscard]] std::uint64_t frames() const { return frames_; }

  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd&) override { link_ = nullptr; }
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint, std::span<link::Received> received) override { frames_ += received.size(); }
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}

 private:
  proto::Mac mac_;
  std::unique_ptr<quic::TlsContext> tls_;
  quic::Endpoint endpoint_;
  link::Link* link_ = nullptr;
  ctrl::Framer framer_;
  bool welcome_ = false;
  std::uint64_t frames_ = 0;
};

class MemoryParty {
 public:
  // `relay` owns the links at the relay's end; borrowed. At most 250 members, all in one room.
  MemoryParty(link::LinkOwner& relay, std::size_t members);

  // Runs until every path has been probed; true when everybody has a link.
  [[nodiscard]] bool settle();

  // Queues a frame at a member, for its next turn.
  void send(std::size_t member, Bytes frame);
  // What is queued at a member leaves now, in packets of its own.
  void flush(std::size_t member);
  void members_turn();
  void relay_turn();

  [[nodiscard]] MemoryMember& member(std::size_t index) { return *members_[index]; }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  // That the relay's socket would have given the system.
  [[nodiscard]] std::uint64_t relay_messages() const { return to_members_.messages(); }

 private:
  void read(quic::Endpoint& endpoint, Inbox& inbox);
  void write_rest(quic::Endpoint& endpoint);

  TimePoint now_{std::chrono::seconds(1)};
  SeededRandom random_{1};
  FramePool relay_pool_;
  FramePool member_pool_;
  quic::KeyedCertificate certificate_;
  std::unique_ptr<quic::TlsContext> relay_tls_;
  Inbox relay_inbox_;
  std::vector<Inbox> member_inboxes_;
  MemorySender to_relay_;
  MemorySender to_members_;
  quic::Endpoint relay_endpoint_;
  std::vector<std::unique_ptr<MemoryMember>> members_;
};

}  // namespace softlan::test
