#include "relay/bans.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "auth/guess_limit.h"

namespace softlan::relay {

const Ban* BanList::add(TimePoint now, Ban ban) {
  std::erase_if(bans_, [&](const Ban& other) { return other.expires <= now || other.identity == ban.identity; });
  if (bans_.size() >= kMaxBans) return nullptr;
  ban.number = ++last_number_;
  return &bans_.emplace_back(std::move(ban));
}

bool BanList::lift(std::uint32_t number) {
  return std::erase_if(bans_, [&](const Ban& ban) { return ban.number == number; }) > 0;
}

const Ban* BanList::find(TimePoint now, const link::Fingerprint& identity, const IpAddress& address) const {
  const IpAddress source = auth::source_of(address);
  const auto found = std::ranges::find_if(
      bans_, [&](const Ban& ban) { return now < ban.expires && (ban.identity == identity || ban.source == source); });
  return found == bans_.end() ? nullptr : &*found;
}

std::vector<Ban> BanList::in_force(TimePoint now) const {
  std::vector<Ban> bans = bans_;
  std::erase_if(bans, [&](const Ban& ban) { return ban.expires <= now; });
  return bans;
}

ctrl::Reject banned(TimePoint now, const Ban& ban) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(ban.expires - now).count();
  return {.code = ctrl::RejectCode::not_allowed,
          .message = ban.expires == kNever ? "You are banned from this relay; its admin can lift the ban."
                                           : fmt::format("You are banned from this relay for {} min more.", minutes)};
}

}  // namespace softlan::relay
