// How the project says that something outside it went wrong.
//
// `Error` carries one clear sentence for a person: what is wrong and, where it helps, what to do. Peers that
// misbehave are not errors but values and counters (obs::DropReason); our own mistakes are SOFTLAN_CHECK.
#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

namespace softlan {

struct Error {
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

// `return fail("cannot open {}: {}", path, reason);` from any function that returns a Result.
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace softlan
