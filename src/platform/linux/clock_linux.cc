#include <time.h>

#include "base/check.h"
#include "platform/clock.h"

namespace softlan::platform {

TimePoint now() {
  timespec time{};
  SOFTLAN_CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
  return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace softlan::platform
