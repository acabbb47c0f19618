// Takes out of a text what must not be shown to others: a second net under reports that are made of harmless parts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace softlan::runtime {

// `text` with "[removed]" for each of `secrets` (of four bytes or more), for what looks like a pass that a program made
// up, for links behind their scheme, for PEM blocks, and for runs of 40 or more characters of base64 or hexadecimal:
// pins, keys, certificates. Public IP addresses are masked (mask_address) but for those in `shown`.
[[nodiscard]] std::string without_secrets(std::string text, std::span<const std::string> secrets,
                                          std::span<const std::string> shown = {});

// A public address without its last parts, "203.0.113.x" or "2001:db8:1:x"; any other as it is: those of a home network
// are needed to understand a problem and tell nobody where it is.
[[nodiscard]] std::string mask_address(std::string_view address);

}  // namespace softlan::runtime
