#include "relay/bindings.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"

namespace softlan::relay {
namespace {

constexpr std::uint64_t kGoldenRatio = 0x9e37'79b9'7f4a'7c15;  // Fibonacci hashing: Knuth, TAOCP 3, section 6.4

template <std::size_t size>
std::size_t slot(std::uint64_t number) {
  static_assert(std::has_single_bit(size));
  return (number * kGoldenRatio) >> (64 - std::countr_zero(size));
}

std::uint64_t number_of(const IpAddress& ip) {
  const std::uint64_t mixed = load_be64(ip.bytes.data()) * kGoldenRatio;
  return (mixed ^ (mixed >> 32)) + load_be64(&ip.bytes[8]);
}

}  // namespace

Bindings::Bindings() {
  places_.reserve(kCapacity);
  by_ip_.fill(kNone);
  by_client_.fill(kNone);
}

bool Bindings::claim(TimePoint now, const IpAddress& ip, const proto::Mac& client) {
  const Index found = find(ip);
  if (found != kNone && places_[found].until > now) {
    Binding& binding = places_[found];
    if (binding.owner.mac != client) return false;
    if (!binding.owner.on_lan) {
      binding.until = now + kAgeing;
      return true;
    }
  }
  if (const Index oldest = oldest_over_quota(ip.family, client); oldest != kNone) {
    if (places_[oldest].until - kAgeing + kIdle > now) return false;
    remove(oldest);
  }
  bind(now, ip, {.mac = client, .on_lan = false});
  return true;
}

void Bindings::lease(TimePoint now, const IpAddress& ip, const proto::Mac& client) {
  if (const Index oldest = oldest_over_quota(ip.family, client); oldest != kNone) remove(oldest);
  bind(now, ip, {.mac = client, .on_lan = false});
}

void Bindings::see_on_lan(TimePoint now, const IpAddress& ip, const proto::Mac& host) {
  bind(now, ip, {.mac = host, .on_lan = true});
}

void Bindings::refresh(TimePoint now, const IpAddress& ip, const proto::Mac& host) {
  const Index found = find(ip);
  if (found == kNone) return;
  Binding& binding = places_[found];
  if (binding.owner.on_lan && binding.owner.mac == host) binding.until = now + kAgeing;
}

void Bindings::forget(const proto::Mac& client) {
  Index next = kNone;
  for (Index i = by_client_[slot<256>(client.number())]; i != kNone; i = next) {
    next = places_[i].next_of_client;
    if (places_[i].owner.mac == client) remove(i);
  }
}

void Bindings::forget_lan() {
  for (Index i = 0; i < places_.size(); ++i) {
    if (places_[i].ip.family != IpAddress::Family::none && places_[i].owner.on_lan) remove(i);
  }
}

std::optional<Bindings::Owner> Bindings::owner(TimePoint now, const IpAddress& ip) const {
  const Index found = find(ip);
  if (found == kNone || places_[found].until <= now) return {};
  return places_[found].owner;
}

Bindings::Index Bindings::find(const IpAddress& ip) const {
  Index i = by_ip_[slot<kCapacity>(number_of(ip))];
  while (i != kNone && places_[i].ip != ip) i = places_[i].next;
  return i;
}

void Bindings::bind(TimePoint now, const IpAddress& ip, const Owner& owner) {
  if (const Index found = find(ip); found != kNone) {
    Binding& binding = places_[found];
    if (binding.owner.on_lan && owner.on_lan) {
      binding.owner = owner;
      binding.until = now + kAgeing;
      return;
    }
    remove(found);
  }
  const Index index = take_place(now, owner.on_lan);
  if (index == kNone) return;
  Binding& binding = places_[index];
  Index& chain = by_ip_[slot<kCapacity>(number_of(ip))];
  binding = {.ip = ip, .owner = owner, .until = now + kAgeing, .next = chain};
  chain = index;
  if (owner.on_lan) return;
  Index& clients = by_client_[slot<256>(owner.mac.number())];
  binding.next_of_client = clients;
  clients = index;
}

void Bindings::remove(Index index) {
  Binding& binding = places_[index];
  const auto unlink = [&](Index* at, Index Binding::* next) {
    while (*at != index) at = &(places_[*at].*next);
    *at = binding.*next;
  };
  unlink(&by_ip_[slot<kCapacity>(number_of(binding.ip))], &Binding::next);
  if (!binding.owner.on_lan) unlink(&by_client_[slot<256>(binding.owner.mac.number())], &Binding::next_of_client);
  binding = {};
  binding.next = free_;
  free_ = index;
}

Bindings::Index Bindings::take_place(TimePoint now, bool for_lan) {
  if (free_ == kNone && places_.size() < kCapacity) {
    places_.emplace_back();
    return static_cast<Index>(places_.size() - 1);
  }
  if (free_ == kNone) {
    const Index victim = choose_victim(now, for_lan);
    if (victim == kNone) return kNone;
    remove(victim);
  }
  const Index index = free_;
  free_ = places_[index].next;
  return index;
}

// Among the next few places: one whose time is up, or for the LAN the one of its own that was used longest ago. A
// client never makes a LAN host give way.
Bindings::Index Bindings::choose_victim(TimePoint now, bool for_lan) {
  Index victim = kNone;
  for (int i = 0; i < kSweep; ++i) {
    const auto at = static_cast<Index>(hand_++ % kCapacity);
    const Binding& binding = places_[at];
    if (binding.until <= now) return at;
    const bool older = victim == kNone || binding.until < places_[victim].until;
    if (for_lan && binding.owner.on_lan && older) victim = at;
  }
  return victim;
}

Bindings::Index Bindings::oldest_over_quota(IpAddress::Family family, const proto::Mac& client) const {
  const std::size_t quota = family == IpAddress::Family::v4 ? kMaxIpv4 : kMaxIpv6;
  std::size_t count = 0;
  Index oldest = kNone;
  for (Index i = by_client_[slot<256>(client.number())]; i != kNone; i = places_[i].next_of_client) {
    const Binding& binding = places_[i];
    if (binding.owner.mac != client || binding.ip.family != family) continue;
    ++count;
    if (oldest == kNone || binding.until < places_[oldest].until) oldest = i;
  }
  return count >= quota ? oldest : kNone;
}

}  // namespace softlan::relay
