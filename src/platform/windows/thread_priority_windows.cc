#include <windows.h>

#include "platform/thread_priority.h"

namespace softlan::platform {

struct ThreadPriority::Requested {};

ThreadPriority::ThreadPriority() = default;
ThreadPriority::~ThreadPriority() = default;

void ThreadPriority::request() { SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST); }

// Windows itself gives turns to threads that have waited for long.
void ThreadPriority::check(TimePoint, std::uint64_t) {}

}  // namespace softlan::platform
