#include "auth/guess_limit.h"

#include <algorithm>

namespace softlan::auth {

namespace {

TokenBucket source_bucket() { return {1.0 / 10, 60}; }
TokenBucket room_bucket() { return {1.0 / 5, 120}; }

// On a copy: asking costs nothing.
bool has_left(TokenBucket bucket, TimePoint now) { return bucket.take(now); }

}  // namespace

IpAddress source_of(const IpAddress& ip) {
  constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (ip.family != IpAddress::Family::v6) return ip;
  IpAddress key;
  if (std::equal(kMapped.begin(), kMapped.end(), ip.bytes.begin())) {
    key.family = IpAddress::Family::v4;
    std::copy_n(ip.bytes.begin() + kMapped.size(), 4, key.bytes.begin());
  } else {
    key.family = IpAddress::Family::v6;
    std::copy_n(ip.bytes.begin(), 8, key.bytes.begin());
  }
  return key;
}

GuessLimit::GuessLimit() : sources_(kMaxSources), rooms_(kMaxRooms), known_(kMaxKnown) {}

bool GuessLimit::may_try(TimePoint now, const IpAddress& source, const std::string& room,
                         const Identity& identity) const {
  if (known_.find({room, identity})) return true;
  const TokenBucket* of_source = sources_.find(source_of(source));
  const TokenBucket* of_room = rooms_.find(room);
  return (!of_source || has_left(*of_source, now)) && (!of_room || has_left(*of_room, now));
}

void GuessLimit::on_failure(TimePoint now, const IpAddress& source, const std::string& room, const Identity& identity) {
  known_.forget({room, identity});
  (void)sources_.use(source_of(source), source_bucket()).take(now);
  (void)rooms_.use(room, room_bucket()).take(now);
}

void GuessLimit::on_success(const std::string& room, const Identity& identity) { known_.use({room, identity}, {}); }

}  // namespace softlan::auth
