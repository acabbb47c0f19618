// The seats of one room that are kept for members who lost their connection (docs/PROTOCOL.md, "Seats").
//
// Nobody sits on a held seat and no frame goes there; its peer id, its MAC and, for a gateway, the gateway's place are
// out of reach for every other identity until the owner is back or the time is up. Books only: no I/O, no clock.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "link/link.h"
#include "proto/mac.h"

namespace softlan::relay {

struct HeldSeat {
  PeerId id = kRelayPeer;
  ctrl::Role role = ctrl::Role::client;
  proto::Mac mac;
  link::Fingerprint identity;
  TimePoint until{};
};

class HeldSeats {
 public:
  // The identity has no held seat here.
  void hold(const HeldSeat& seat) { seats_.push_back(seat); }
  // The owner is back: the seat is no longer held. Nothing when there was none.
  std::optional<HeldSeat> take_back(const link::Fingerprint& identity);
  // Lets go of those whose time is up, telling `released` of each; returns how many.
  std::size_t expire(TimePoint now, const std::function<void(const HeldSeat&)>& released = {});
  [[nodiscard]] TimePoint next_deadline() const;

  [[nodiscard]] std::size_t size() const { return seats_.size(); }
  [[nodiscard]] bool empty() const { return seats_.empty(); }
  [[nodiscard]] bool holds(PeerId id) const;
  [[nodiscard]] bool holds(const link::Fingerprint& identity) const;
  // The seat with this MAC, or the gateway's, when it is kept for another than `visitor`; else null.
  [[nodiscard]] const HeldSeat* owner(const proto::Mac& mac, const link::Fingerprint& visitor) const;
  [[nodiscard]] const HeldSeat* gateway(const link::Fingerprint& visitor) const;

 private:
  std::vector<HeldSeat> seats_;
};

}  // namespace softlan::relay
