// Which virtual network card the client uses on Windows, and with which MAC.
//
// Adapters stay when programs end, and other programs have theirs: only the one called "softlan" is ours to take
// unasked. Pure decisions; errors are sentences for the player.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tap_adapters.h"
#include "proto/mac.h"

namespace softlan::client {

inline constexpr std::string_view kOwnAdapter = "softlan";

// The adapter called or identified by `wanted`, without regard to case, a GUID with or without its braces; our own when
// `wanted` is empty. Nothing when our own is still to be made.
[[nodiscard]] Result<const TapAdapter*> choose_adapter(std::span<const TapAdapter> adapters, std::string_view wanted);

// What to say when our own adapter could not be made for `reason`, and others are there.
[[nodiscard]] std::string no_adapter(std::span<const TapAdapter> adapters, std::string_view reason);

// Which MAC is the member's: the adapter's (`keep`) or the one it wants. An error when no member may own it.
[[nodiscard]] Result<proto::Mac> choose_mac(const proto::Mac& wanted, const proto::Mac& adapters, bool keep);

}  // namespace softlan::client
