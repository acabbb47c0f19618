#include <windows.h>

#include <mutex>
#include <utility>

#include "base/check.h"
#include "platform/windows/console_events.h"
#include "platform/windows/end_of_session.h"

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

// For when the program is over as soon as Windows has its answer: its end is to come from main().
void tell_and_wait() {
  tell();
  Sleep(INFINITE);
}

BOOL WINAPI handle(DWORD event) {
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) tell_and_wait();
  tell();
  return TRUE;
}

bool install() {
  watch_for_end_of_session(tell_and_wait);
  return SetConsoleCtrlHandler(handle, TRUE);
}

}  // namespace

void ConsoleEvents::hold() {
  static const bool installed = install();
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
