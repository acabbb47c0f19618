// What a program changed on somebody's machine, remembered until it is as it was.
//
// Whoever changes a setting of the machine calls remember() before and forget() after putting it back, so that the next
// start can do it for a program that was killed (runtime/undo_journal.h).
#pragma once

#include <compare>
#include <string>

#include "base/result.h"

namespace softlan {

// One setting as it was before. The three texts belong to whoever made the change; `kind` tells who that is.
struct Change {
  std::string kind;    // "network", "adapter", ...
  std::string target;  // which setting
  std::string before;  // its value

  auto operator<=>(const Change&) const = default;
};

class Undo {
 public:
  virtual ~Undo() = default;
  // Durable before it returns: the setting may be changed only after success.
  [[nodiscard]] virtual Result<void> remember(const Change& change) = 0;
  virtual void forget(const Change& change) = 0;
};

}  // namespace softlan
