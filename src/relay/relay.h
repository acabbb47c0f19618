// The relay's core: who is in which room, and every frame from one member to the others.
//
// Told about links through LinkOwner and about time through on_deadline(); answers through the Links themselves and the
// log. No I/O, no clock, no sockets, one thread: a relay of several workers has one for each. A link's way:
//
//                 hello, proof: admit()
//     on_link_up ──> waiting ────────────> seated ──> gone      disconnect, closed by the member, replaced,
//                       │                    │                  protocol error
//                       │                    └──> seat held     connection lost, too slow: held_seats.h
//                       └──> closed: no hello in time, reject, protocol error
//
// A newcomer gets welcome, then a peer_joined for everybody present; those present get peer_joined for it; only then
// can a frame of either reach the other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline_heap.h"
#include "ctrl/messages.h"
#include "link/link.h"
#include "obs/counters.h"
#include "obs/log.h"
#include "relay/admission.h"
#include "relay/bans.h"
#include "relay/config.h"
#include "relay/door.h"
#include "relay/refusal_log.h"
#include "relay/report.h"
#include "relay/share.h"
#include "relay/traffic.h"
#include "relay/visitor.h"

namespace softlan::relay {

using RejectCounts = std::array<std::uint64_t, ctrl::kRejectCodeCount>;

class Relay final : public link::LinkOwner {
 public:
  // Borrows `door` and `log`, and every link until it is down or closed.
  Relay(RelayConfig config, Door& door, obs::Log& log, Share share = {});
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) override;
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint now, std::span<link::Received> received) override;
  void on_bad_datagram(TimePoint now, link::Link& link, obs::DropReason reason) override;
  void on_budget(TimePoint now, link::Link& link, std::size_t budget) override;

  // From now on, in rooms that are open too; nobody loses a seat by it. `room_mtu` stays, since members' TAPs have it.
  void adopt(RelayConfig config);

  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const;
  // Ends the membership of everybody in `seats`, which are of this relay; no seat is held for them.
  void kick(TimePoint now, std::span<const Seat* const> seats, std::string_view reason);
  // Consulted about every hello; who is in is not asked to leave by a new ban.
  [[nodiscard]] BanList& bans() { return bans_; }
  [[nodiscard]] const BanList& bans() const { return bans_; }
  // Null when there is no such room. `code` in its canonical spelling.
  [[nodiscard]] Room* room(std::string_view code) const;
  // Measures everybody's rates, from the last call to this one; to be called about once a second.
  void sample_rates(TimePoint now);

  // Says goodbye to everybody; the relay takes no more links after that.
  void shut_down();

  [[nodiscard]] const Rooms& rooms() const { return rooms_; }
  // Links that have no seat, yet.
  [[nodiscard]] std::size_t waiting() const { return visitors_.size() - seated_; }
  // What came from links without a seat.
  [[nodiscard]] const obs::DirectionCounters& unseated() const { return unseated_; }
  // Hellos that were rejected, by RejectCode.
  [[nodiscard]] const RejectCounts& rejected() const { return rejected_; }

 private:
  // What members say (relay_control.cc): one overload for each message; those only a relay may send share the last.
  void on_json(TimePoint now, Visitor& from, std::string_view json);
  void on_message(TimePoint now, Visitor& from, const ctrl::Hello& hello);
  void on_message(TimePoint now, Visitor& from, const ctrl::Proof& proof);
  void on_message(TimePoint now, Visitor& from, const ctrl::Stats& stats);
  void on_message(TimePoint now, Visitor& from, const ctrl::Budget& budget);
  void on_message(TimePoint now, Visitor& from, const ctrl::Disconnect& goodbye);
  void on_message(TimePoint now, Visitor& from, const ctrl::Unknown& unknown);
  void on_message(TimePoint now, Visitor& from, const auto& message);
  [[nodiscard]] bool expect_seated(TimePoint now, Visitor& from);
  [[nodiscard]] bool owns(std::string_view room) const;

  // Who sits where (relay_seating.cc).
  void enter(TimePoint now, Visitor& visitor, const ctrl::Hello& hello, std::string own_proof);
  void take_seat(TimePoint now, Visitor& visitor, const ctrl::Hello& hello, const Placement& placement);
  Room& open_room(TimePoint now, const std::string& code);
  void close_empty_rooms();
  void hold_seat(TimePoint now, const Visitor& visitor);
  void release_seats(TimePoint now);
  void vacate(Visitor& visitor, std::string_view reason);
  void greet(Visitor& newcomer, std::string own_proof);
  void announce(const Room& room, const Seat* except, Bytes encoded);
  void send(Visitor& to, const ctrl::Message& message);
  void offer(Visitor& to, Bytes encoded);

  // How links end (relay_seating.cc).
  void reject(TimePoint now, Visitor& visitor, const ctrl::Reject& reject, std::string_view room);
  void fail_protocol(TimePoint now, Visitor& visitor, std::string_view reason);
  void close(Visitor& visitor, link::CloseCode code, std::string_view reason);
  void forget(Visitor& visitor);
  void settle(TimePoint now);

  RelayConfig config_;
  Door& door_;
  obs::Log& log_;
  Share share_;
  Rooms rooms_;
  Traffic traffic_;
  RefusalLog refusals_;
  TrafficReport report_;
  TimePoint report_at_ = kNever;
  TimePoint release_at_ = kNever;  // not after the first held seat's time is up
  obs::DirectionCounters unseated_;
  RejectCounts rejected_{};
  BanList bans_;
  bool shut_down_ = false;

  std::vector<std::unique_ptr<Visitor>> visitors_;
  std::size_t seated_ = 0;
  DeadlineHeap<Visitor> hello_deadlines_;
  // Filled during a call, emptied by settle() at its end: nothing that is being looked at dies.
  std::vector<Visitor*> too_slow_;
  std::vector<std::unique_ptr<Visitor>> gone_;
};

}  // namespace softlan::relay
