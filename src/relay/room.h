// One room: who sits in it, which MAC and which IP address belongs to whom, and where the LAN is.
//
// Keeps books only; who may sit down is admission.h's to say. Owns its seats. Lookups do not allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "link/link.h"
#include "obs/counters.h"
#include "proto/mac.h"
#include "relay/bindings.h"
#include "relay/config.h"
#include "relay/frame_log.h"
#include "relay/guards.h"
#include "relay/held_seats.h"
#include "relay/lan_hosts.h"
#include "relay/limits.h"
#include "relay/seat.h"

namespace softlan::relay {

class Room {
 public:
  // `code` in its canonical spelling.
  explicit Room(std::string code, RoomRules rules = {})
      : code_(std::move(code)), rules_(std::move(rules)), limits_(rules_.limits.room_bytes_per_second) {}
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const RoomRules& rules() const { return rules_; }
  [[nodiscard]] const GuardConfig& guards() const { return rules_.guards; }
  // For everybody who sits here too; their limits begin anew.
  void adopt(RoomRules rules);
  [[nodiscard]] std::span<const std::unique_ptr<Seat>> seats() const { return seats_; }
  // Null when there is none, as in the three below.
  [[nodiscard]] Seat* gateway() const { return gateway_; }
  [[nodiscard]] Seat* owner(const proto::Mac& mac) const;
  [[nodiscard]] Seat* find(PeerId id) const;
  [[nodiscard]] Seat* find(const link::Fingerprint& identity) const;

  // Seats a member whose MAC is free, and no second gateway. It gets the id `wished` when nobody has that and it is not
  // held (0: no wish), else the next free one, going round so that an id that was just left stays unused for long.
  Seat& join(Seat member, PeerId wished);
  // `seat` sits in this room. The counters stay in total(), and its IP addresses bound to it while its seat is held.
  std::unique_ptr<Seat> leave(const Seat& seat);

  [[nodiscard]] HeldSeats& held() { return held_; }
  [[nodiscard]] const HeldSeats& held() const { return held_; }
  // Lets go of held seats whose time is up, and of what was bound to them; returns how many.
  std::size_t expire_held(TimePoint now);

  [[nodiscard]] FrameLog& frame_log() { return frame_log_; }
  [[nodiscard]] const FrameLog& frame_log() const { return frame_log_; }
  [[nodiscard]] RoomLimits& limits() { return limits_; }
  [[nodiscard]] LanHosts& lan_hosts() { return lan_hosts_; }
  [[nodiscard]] Bindings& bindings() { return bindings_; }
  // Whether a LAN host was lately seen with this MAC, so that a newcomer must not have it too.
  [[nodiscard]] bool is_mac_on_lan(TimePoint now, const proto::Mac& mac) const {
    return rules_.guards.duplicate_mac && lan_hosts_.knows(now, mac);
  }
  // Of everyone who sits or sat here.
  [[nodiscard]] obs::Counters total() const;
  // What the links of the same counted: datagrams, and what their queues dropped.
  [[nodiscard]] obs::Counters links_total() const;
  // Packets that were lost on the way to the same.
  [[nodiscard]] std::uint64_t packets_lost() const;

 private:
  [[nodiscard]] PeerId choose_id(PeerId wished);
  [[nodiscard]] bool is_free(PeerId id) const { return id != kRelayPeer && !find(id) && !held_.holds(id); }

  void forget_addresses(ctrl::Role role, const proto::Mac& mac);

  std::string code_;
  RoomRules rules_;
  RoomLimits limits_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::unordered_map<proto::Mac, Seat*> owners_;
  Seat* gateway_ = nullptr;
  HeldSeats held_;
  std::uint16_t last_id_ = 0;
  LanHosts lan_hosts_;
  Bindings bindings_;
  obs::Counters departed_;
  obs::Counters departed_links_;
  std::uint64_t departed_packets_lost_ = 0;
  FrameLog frame_log_;
};

}  // namespace softlan::relay
