#include <windows.h>

#include "platform/windows/handle.h"

namespace softlan::platform {

Handle::Handle(Native handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}

void Handle::close() {
  if (handle_) CloseHandle(std::exchange(handle_, nullptr));
}

}  // namespace softlan::platform
