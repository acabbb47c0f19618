// The machine's monotonic clock, read once per loop turn by the runtime.
#pragma once

#include "base/time.h"

namespace softlan::platform {

// Never goes backwards. CLOCK_MONOTONIC on Linux, which stands still while the machine sleeps; the performance counter
// on Windows, which may go on.
[[nodiscard]] TimePoint now();

}  // namespace softlan::platform
