// Decides where one Ethernet frame goes inside one room, or why it goes nowhere.
//
// No I/O, no clock, no allocation. A frame is looked at once, from its Ethernet to its transport header; then the
// rules, in the order they are applied:
//
//   source       a client sends with exactly its MAC; the gateway with any unicast MAC that is not a client's
//   guards       what the frame is, guards.h
//   addresses    whose IP address it speaks for, addresses.h; a gateway's frames teach them
//   limits       of the sender, limits.h
//   destination  broadcast, multicast      everybody else
//                a member's MAC            that member
//                any other, from a client  the gateway
//                any other, from the LAN   nobody
//   shield       what the home-PC shield closes (guards.h) reaches the gateway, but from no client another
//   reports      likewise a client's IGMP and MLD reports: who hears them keeps its own back
//
// docs/life-of-a-frame.md, station "decide".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "obs/drop_reason.h"
#include "proto/ethernet.h"
#include "proto/tcp_mss.h"
#include "relay/room.h"

namespace softlan::relay {

struct Verdict {
  obs::DropReason drop = obs::DropReason::none;
  // Never the sender. Empty when dropped, and for a broadcast in a room of one. Valid until the next decide().
  std::span<Seat* const> targets;
  std::optional<proto::TcpMss> mss = {};  // of a SYN that is not dropped
};

class Forwarder {
 public:
  // For rooms of at most `max_seats`.
  explicit Forwarder(std::size_t max_seats) { targets_.reserve(max_seats); }

  // `from` sits in `room`. Charges its limits, and learns LAN hosts from a gateway's frames.
  [[nodiscard]] Verdict decide(TimePoint now, Room& room, Seat& from, Bytes frame);

 private:
  [[nodiscard]] obs::DropReason judge(TimePoint now, Room& room, Seat& from, Bytes frame);
  [[nodiscard]] obs::DropReason choose_targets(TimePoint now, Room& room, Seat& from, const proto::PacketView& packet);
  [[nodiscard]] obs::DropReason choose_everybody(TimePoint now, Room& room, Seat& from,
                                                 const proto::PacketView& packet);
  [[nodiscard]] obs::DropReason choose_stranger(TimePoint now, Room& room, Seat& from, const proto::Mac& destination);

  std::vector<Seat*> targets_;
  std::optional<proto::TcpMss> mss_;
};

}  // namespace softlan::relay
