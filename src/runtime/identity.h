// The identity file: who a member is. An Ed25519 certificate with its key, and the MAC that goes with it, as JSON,
// readable by its owner only. Written once; a member that keeps it keeps its seat, its MAC and so its DHCP address.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "proto/mac.h"
#include "quic/certificate.h"

namespace softlan::runtime {

struct Identity {
  quic::KeyedCertificate certificate;
  proto::Mac mac;
};

// Reads `path`, or makes a new identity and writes it there.
[[nodiscard]] Result<Identity> load_or_create_identity(const std::string& path, Random& random);

}  // namespace softlan::runtime
