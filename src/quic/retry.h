// Retry packets (RFC 9000, section 8.1.2): a newcomer has to show that it hears what is sent to its address before the
// relay keeps anything of it.
//
// The token says which address asked, when, and under which connection id; only this run of the relay can read it.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <array>
#include <cstdint>
#include <optional>

#include "base/address.h"
#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "quic/connection_id.h"

namespace softlan::quic {

class Retry {
 public:
  static constexpr Duration kTokenLife = std::chrono::seconds(10);

  explicit Retry(Random& random);

  // Writes the answer to `initial` into `room`; its size, or 0 when it cannot be made. The id it gives the newcomer
  // begins with the same room hash as the one that it came with (quic/connection_id.h).
  [[nodiscard]] std::size_t write(TimePoint now, const NetworkPath& path, const ngtcp2_pkt_hd& initial,
                                  MutableBytes room);
  // The destination id of the newcomer's first Initial; none when the token in `initial` was not given to this address
  // for this id less than kTokenLife ago.
  [[nodiscard]] std::optional<ConnectionId> verify(TimePoint now, const NetworkPath& path,
                                                   const ngtcp2_pkt_hd& initial) const;

 private:
  Random& random_;
  std::array<std::uint8_t, 32> key_{};
};

}  // namespace softlan::quic
