#include <windows.h>

#include <algorithm>

#include "base/check.h"
#include "platform/windows/timer.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

namespace softlan::platform {

void* create_timer() {
  constexpr DWORD kAccess = TIMER_MODIFY_STATE | SYNCHRONIZE;
  HANDLE timer = CreateWaitableTimerExW(nullptr, nullptr, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, kAccess);
  if (!timer) timer = CreateWaitableTimerExW(nullptr, nullptr, 0, kAccess);
  SOFTLAN_CHECK(timer);
  return timer;
}

void set_timer(void* timer, Duration delay) {
  // In units of 100 ns; negative means from now on.
  LARGE_INTEGER due;
  due.QuadPart = -std::max<LONGLONG>((delay.count() + 99) / 100, 1);
  SOFTLAN_CHECK(SetWaitableTimer(timer, &due, 0, nullptr, nullptr, FALSE));
}

}  // namespace softlan::platform
