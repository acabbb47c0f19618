// The machine's monotonic clock, read once per loop turn by the runtime.
#pragma once

#include "base/time.h"

namespace softlan::platform {

// CLOCK_MONOTONIC; never goes backwards, stands still while the machine sleeps.
[[nodiscard]] TimePoint now();

}  // namespace softlan::platform
