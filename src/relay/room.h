// One room: who sits in it, which MAC belongs to whom, and where the LAN is.
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
#include "relay/held_seats.h"
#include "relay/lan_hosts.h"
#include "relay/seat.h"

namespace softlan::relay {

class Room {
 public:
  // `code` in its canonical spelling.
  explicit Room(std::string code) : code_(std::move(code)) {}
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] std::span<const std::unique_ptr<Seat>> seats() const { return seats_; }
  // Null when there is none, as in the three below.
  [[nodiscard]] Seat* gateway() const { return gateway_; }
  [[nodiscard]] Seat* owner(const proto::Mac& mac) const;
  [[nodiscard]] Seat* find(PeerId id) const;
  [[nodiscard]] Seat* find(const link::Fingerprint& identity) const;

  // Seats a member whose MAC is free, and no second gateway. It gets the id `wished` when nobody has that and it is not
  // held (0: no wish), else the next free one, going round so that an id that was just left stays unused for long.
  Seat& join(Seat member, PeerId wished);
  // `seat` sits in this room. The counters stay in total().
  std::unique_ptr<Seat> leave(const Seat& seat);

  [[nodiscard]] HeldSeats& held() { return held_; }
  [[nodiscard]] const HeldSeats& held() const { return held_; }

  [[nodiscard]] LanHosts& lan_hosts() { return lan_hosts_; }
  // Of everyone who sits or sat here.
  [[nodiscard]] obs::Counters total() const;

 private:
  [[nodiscard]] PeerId choose_id(PeerId wished);
  [[nodiscard]] bool is_free(PeerId id) const { return id != kRelayPeer && !find(id) && !held_.holds(id); }

  std::string code_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::unordered_map<proto::Mac, Seat*> owners_;
  Seat* gateway_ = nullptr;
  HeldSeats held_;
  std::uint16_t last_id_ = 0;
  LanHosts lan_hosts_;
  obs::Counters departed_;
};

}  // namespace softlan::relay
