// One moment on both clocks: the cores know the monotonic one only, files and people the wall clock.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace softlan::runtime {

struct Moment {
  TimePoint now{};
  std::int64_t unix_time = 0;
};

}  // namespace softlan::runtime
