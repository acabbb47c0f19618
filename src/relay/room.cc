#include "relay/room.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace softlan::relay {
namespace {

void add(obs::Counters& sum, const obs::Counters& counters) {
  sum.in += counters.in;
  sum.out += counters.out;
}

}  // namespace

void Room::adopt(RoomRules rules) {
  rules_ = std::move(rules);
  limits_ = RoomLimits(rules_.limits.room_bytes_per_second);
  for (const auto& seat : seats_) seat->limits = seat_limits(rules_.limits, seat->role);
}

Seat* Room::owner(const proto::Mac& mac) const {
  const auto found = owners_.find(mac);
  return found == owners_.end() ? nullptr : found->second;
}

Seat* Room::find(PeerId id) const {
  const auto found = std::ranges::find(seats_, id, [](const auto& seat) { return seat->id; });
  return found == seats_.end() ? nullptr : found->get();
}

Seat* Room::find(const link::Fingerprint& identity) const {
  const auto found = std::ranges::find(seats_, identity, [](const auto& seat) { return seat->identity; });
  return found == seats_.end() ? nullptr : found->get();
}

Seat& Room::join(Seat member, PeerId wished) {
  SOFTLAN_CHECK(!owner(member.mac) && !(member.is_gateway() && gateway_));
  member.id = choose_id(wished);
  Seat& seat = *seats_.emplace_back(std::make_unique<Seat>(std::move(member)));
  owners_.emplace(seat.mac, &seat);
  if (seat.is_gateway()) gateway_ = &seat;
  return seat;
}

std::unique_ptr<Seat> Room::leave(const Seat& seat) {
  const auto found = std::ranges::find(seats_, &seat, [](const auto& s) { return s.get(); });
  SOFTLAN_CHECK(found != seats_.end());
  std::unique_ptr<Seat> left = std::move(*found);
  seats_.erase(found);
  owners_.erase(left->mac);
  if (gateway_ == left.get()) {
    gateway_ = nullptr;
    lan_hosts_.clear();
  }
  if (!held_.holds(left->identity)) forget_addresses(left->role, left->mac);
  add(departed_, left->counters);
  if (left->link) {
    add(departed_links_, left->link->counters());
    departed_packets_lost_ += left->link->stats().packets_lost;
  }
  return left;
}

std::size_t Room::expire_held(TimePoint now) {
  return held_.expire(now, [this](const HeldSeat& seat) { forget_addresses(seat.role, seat.mac); });
}

void Room::forget_addresses(ctrl::Role role, const proto::Mac& mac) {
  if (role == ctrl::Role::gateway)
    bindings_.forget_lan();
  else
    bindings_.forget(mac);
}

PeerId Room::choose_id(PeerId wished) {
  if (is_free(wished)) return wished;
  SOFTLAN_CHECK(seats_.size() + held_.size() < 65535);
  do ++last_id_;
  while (!is_free(PeerId{last_id_}));
  return PeerId{last_id_};
}

obs::Counters Room::total() const {
  obs::Counters sum = departed_;
  for (const auto& seat : seats_) add(sum, seat->counters);
  return sum;
}

obs::Counters Room::links_total() const {
  obs::Counters sum = departed_links_;
  for (const auto& seat : seats_) {
    if (seat->link) add(sum, seat->link->counters());
  }
  return sum;
}

std::uint64_t Room::packets_lost() const {
  std::uint64_t sum = departed_packets_lost_;
  for (const auto& seat : seats_) {
    if (seat->link) sum += seat->link->stats().packets_lost;
  }
  return sum;
}

}  // namespace softlan::relay
