#include "gateway/beacons.h"

#include <algorithm>
#include <string_view>

namespace softlan::gateway {
namespace {

std::array<std::uint8_t, 16> prove(const auth::Key& key, const proto::Beacon& beacon) {
  const auto said = proto::proven_part(beacon);
  const auth::Key whole = auth::hmac(key, {reinterpret_cast<const char*>(said.data()), said.size()});
  std::array<std::uint8_t, 16> proof;
  std::copy_n(whole.begin(), proof.size(), proof.begin());
  return proof;
}

}  // namespace

proto::Beacon Beacons::make(TimePoint now, proto::BeaconWay way) {
  proto::Beacon beacon{.way = way, .number = ++last_number_};
  beacon.proof = prove(key_, beacon);
  place_of(beacon.number) = {.number = beacon.number, .when = now, .copies = 0};
  return beacon;
}

Beacons::Heard Beacons::hear(TimePoint now, const proto::Beacon& beacon) {
  if (beacon.number == 0 || prove(key_, beacon) != beacon.proof) return {};
  Sent& sent = place_of(beacon.number);
  if (sent.number != beacon.number) return {.ours = true};
  ++sent.copies;
  return {.ours = true, .fresh = true, .age = now - sent.when, .copies = sent.copies};
}

}  // namespace softlan::gateway
