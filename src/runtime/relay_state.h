// What a relay keeps between runs, so that members need not be told anything new: its self-signed certificate unless it
// was given one, the key of its stateless resets and the secret of its door.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "auth/scram_keys.h"
#include "base/random.h"
#include "base/result.h"
#include "quic/certificate.h"

namespace softlan::runtime {

struct RelayState {
  quic::KeyedCertificate certificate;
  bool new_certificate = false;  // made just now: pins of an older one no longer hold
  std::array<std::uint8_t, 32> reset_key{};
  auth::Key door_secret{};
};

// Reads `directory`, or creates what is missing there. A certificate that lacks one of `dns_names` or has expired is
// replaced. When there is a `given` certificate, none of its own is read or made.
[[nodiscard]] Result<RelayState> load_or_create_relay_state(const std::string& directory,
                                                            std::span<const std::string> dns_names,
                                                            std::int64_t unix_time, Random& random,
                                                            std::optional<quic::KeyedCertificate> given = {});

}  // namespace softlan::runtime
