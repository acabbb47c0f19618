// Whom the relay's admin has banned: members by their identity and, where asked for, everybody from their address.
//
// A ban holds for all rooms of the relay. At most kMaxBans, about 200 bytes each. No I/O, no clock; keeping them in a
// file is the runtime's (runtime/ban_file.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "link/link.h"

namespace softlan::relay {

struct Ban {
  std::uint32_t number = 0;  // to speak of it; given by BanList::add()
  link::Fingerprint identity;
  std::optional<IpAddress> source;  // as auth::source_of() makes it: an IPv4 address, or an IPv6 /64
  std::string name;                 // the member's, for people
  std::string room;                 // it was banned in, likewise
  TimePoint expires = kNever;
};

class BanList {
 public:
  static constexpr std::size_t kMaxBans = 1024;

  // One that exists for the identity is replaced. Null when the list is full.
  const Ban* add(TimePoint now, Ban ban);
  // False when there is none with this number.
  bool lift(std::uint32_t number);

  // The ban that keeps this visitor out, or null.
  [[nodiscard]] const Ban* find(TimePoint now, const link::Fingerprint& identity, const IpAddress& address) const;
  // Those in force, by number.
  [[nodiscard]] std::vector<Ban> in_force(TimePoint now) const;

 private:
  std::vector<Ban> bans_;
  std::uint32_t last_number_ = 0;
};

// What a banned visitor is told.
[[nodiscard]] ctrl::Reject banned(TimePoint now, const Ban& ban);

}  // namespace softlan::relay
