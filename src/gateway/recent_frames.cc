#include "gateway/recent_frames.h"

#include <algorithm>
#include <array>
#include <bit>

namespace softlan::gateway {
namespace {

// Addresses, headers and the first of the data.
constexpr std::size_t kWords = 12;
constexpr std::uint64_t kFactor = 0x9e37'79b9'7f4a'7c15;

// A polynomial in which zeros at the end, such as padding, count for nothing.
std::uint64_t hash_of(Bytes frame) {
  std::array<std::uint8_t, kWords * 8> bytes{};
  std::ranges::copy(frame.first(std::min(frame.size(), bytes.size())), bytes.begin());
  std::uint64_t hash = 0;
  for (std::size_t word = kWords; word-- > 0;) hash = hash * kFactor + load_be64(&bytes[word * 8]);
  return hash * kFactor;
}

std::size_t place_of(std::uint64_t hash, std::size_t places) { return hash >> (64 - std::countr_zero(places)); }

}  // namespace

void RecentFrames::add(TimePoint now, Bytes frame) {
  const std::uint64_t hash = hash_of(frame);
  places_[place_of(hash, places_.size())] = {hash, now};
}

bool RecentFrames::contains(TimePoint now, Bytes frame) const {
  const std::uint64_t hash = hash_of(frame);
  const Place& place = places_[place_of(hash, places_.size())];
  return place.hash == hash && place.when != TimePoint::min() && now - place.when <= kMemory;
}

}  // namespace softlan::gateway
