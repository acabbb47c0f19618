// Timers that a thread can wait for, as precise as the system has them: half a millisecond since Windows 10 1803, where
// others are up to 16 ms late.
#pragma once

#include "base/time.h"

namespace softlan::platform {

// A waitable timer that is not set. The handle belongs to the caller.
[[nodiscard]] void* create_timer();
// Signals once after `delay`, and no longer when it was to signal before.
void set_timer(void* timer, Duration delay);

}  // namespace softlan::platform
