// The relay's bans, kept in its state directory: JSON, readable by its owner only. Written whenever the admin changes
// one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "relay/bans.h"
#include "runtime/moment.h"

namespace softlan::runtime {

// Those that have not ended. None when there is no file; one that cannot be read is an error.
[[nodiscard]] Result<std::vector<relay::Ban>> load_bans(const std::string& path, const Moment& moment);
[[nodiscard]] Result<void> save_bans(const std::string& path, const Moment& moment, std::span<const relay::Ban> bans);

}  // namespace softlan::runtime
