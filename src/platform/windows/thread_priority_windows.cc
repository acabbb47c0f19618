#include <windows.h>

#include "platform/thread_priority.h"

namespace softlan::platform {

void ThreadPriority::raise() { SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST); }

// Windows itself gives turns to threads that have waited for long.
void ThreadPriority::check(TimePoint) {}

}  // namespace softlan::platform
