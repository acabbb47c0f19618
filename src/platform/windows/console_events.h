// Ctrl-C, Ctrl-Break, the closing of the console's window, log-off and shutdown.
//
// From the first ConsoleEvents on nothing of this ends the program by itself, so that what it changed on the machine
// can be put back; a second Ctrl-C meanwhile changes nothing. After the last three Windows waits for the program to
// end, five seconds or so, and then ends it.
#pragma once

#include <functional>

namespace softlan::platform {

// One at a time.
class ConsoleEvents {
 public:
  // `on_event` is called by a thread of the system's; at once when something happened before.
  explicit ConsoleEvents(std::function<void()> on_event);
  ~ConsoleEvents();
  ConsoleEvents(const ConsoleEvents&) = delete;
  ConsoleEvents& operator=(const ConsoleEvents&) = delete;

  // From now on events wait for a ConsoleEvents: for what is changed before there is one.
  static void hold();
};

}  // namespace softlan::platform
