// How a running program answers a question about itself.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>

#include "base/time.h"

namespace softlan::runtime {

struct Answer {
  bool ok = true;
  std::string text;
};

[[nodiscard]] inline Answer refuse(std::string text) { return {.ok = false, .text = std::move(text)}; }

// The first word is what to do, the others are its arguments.
using Answering = std::function<Answer(TimePoint now, std::span<const std::string> words)>;

}  // namespace softlan::runtime
