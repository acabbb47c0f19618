#include <windows.h>

#include <mutex>
#include <utility>

#include "base/check.h"
#include "platform/windows/console_events.h"

namespace softlan::platform {

namespace {

// Windows' handlers get no argument of ours.
std::mutex mutex;  // over the next two
std::function<void()> listener;
bool happened = false;

void tell() {
  const std::scoped_lock lock(mutex);
  happened = true;
  if (listener) listener();
}

BOOL WINAPI handle(DWORD event) {
  tell();
  // When this returns the program is over, whatever the others do: its end is to come from main().
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) Sleep(INFINITE);
  return TRUE;
}

}  // namespace

void ConsoleEvents::hold() {
  static const bool installed = SetConsoleCtrlHandler(handle, TRUE);
  SOFTLAN_CHECK(installed);
}

ConsoleEvents::ConsoleEvents(std::function<void()> on_event) {
  hold();
  const std::scoped_lock lock(mutex);
  listener = std::move(on_event);
  if (happened) listener();
}

ConsoleEvents::~ConsoleEvents() {
  const std::scoped_lock lock(mutex);
  listener = {};
}

}  // namespace softlan::platform
