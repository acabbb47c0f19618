#include "platform/clock.h"

namespace softlan::platform {

// The standard library's asks the performance counter.
TimePoint now() { return TimePoint(std::chrono::steady_clock::now().time_since_epoch()); }

}  // namespace softlan::platform
