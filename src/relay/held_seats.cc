#include "relay/held_seats.h"

#include <algorithm>

namespace softlan::relay {

namespace {

const HeldSeat* find_if(const std::vector<HeldSeat>& seats, auto wanted) {
  const auto found = std::ranges::find_if(seats, wanted);
  return found == seats.end() ? nullptr : &*found;
}

}  // namespace

std::optional<HeldSeat> HeldSeats::take_back(const link::Fingerprint& identity) {
  const auto found = std::ranges::find(seats_, identity, &HeldSeat::identity);
  if (found == seats_.end()) return std::nullopt;
  const HeldSeat seat = *found;
  seats_.erase(found);
  return seat;
}

std::size_t HeldSeats::expire(TimePoint now, const std::function<void(const HeldSeat&)>& released) {
  return std::erase_if(seats_, [&](const HeldSeat& seat) {
    const bool over = seat.until <= now;
    if (over && released) released(seat);
    return over;
  });
}

TimePoint HeldSeats::next_deadline() const {
  const auto first = std::ranges::min_element(seats_, {}, &HeldSeat::until);
  return first == seats_.end() ? kNever : first->until;
}

bool HeldSeats::holds(PeerId id) const { return std::ranges::count(seats_, id, &HeldSeat::id) != 0; }

bool HeldSeats::holds(const link::Fingerprint& identity) const {
  return std::ranges::count(seats_, identity, &HeldSeat::identity) != 0;
}

const HeldSeat* HeldSeats::owner(const proto::Mac& mac, const link::Fingerprint& visitor) const {
  return find_if(seats_, [&](const HeldSeat& seat) { return seat.mac == mac && seat.identity != visitor; });
}

const HeldSeat* HeldSeats::gateway(const link::Fingerprint& visitor) const {
  return find_if(seats_,
                 [&](const HeldSeat& seat) { return seat.role == ctrl::Role::gateway && seat.identity != visitor; });
}

}  // namespace softlan::relay
