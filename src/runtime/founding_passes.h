// The passes of the rooms a gateway has founded: made once, kept beside its identity, so that the party's link stays
// the same from one evening to the next. JSON, readable by its owner only.
#pragma once

#include <string>

#include "base/random.h"
#include "base/result.h"
#include "ctrl/messages.h"

namespace softlan::runtime {

struct FoundingPasses {
  std::string client;    // goes into the party's link
  std::string gateway;   // stays here
  ctrl::Founding found;  // their verifiers, for the relay

  [[nodiscard]] bool empty() const { return gateway.empty(); }
};

// Those of `room` on `relay` in the file at `path`, or empty ones when there are none yet.
[[nodiscard]] Result<FoundingPasses> load_founding_passes(const std::string& path, const std::string& relay,
                                                          const std::string& room);
// Makes new ones and keeps them, in place of any there were.
[[nodiscard]] Result<FoundingPasses> make_founding_passes(const std::string& path, const std::string& relay,
                                                          const std::string& room, Random& random);

}  // namespace softlan::runtime
