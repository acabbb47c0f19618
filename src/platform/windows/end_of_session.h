// Word of log-off and shutdown for a console program.
//
// Windows takes a program that has loaded user32.dll or gdi32.dll, as the system's own libraries below ours do, for one
// with windows, and tells it of the end by messages to a window instead of by its console ("Remarks" of
// SetConsoleCtrlHandler()). So this makes a window that nobody sees.
#pragma once

namespace softlan::platform {

// Once per program. `on_end` is called by a thread of its own; when it returns, Windows may end the program, and it
// does so after five seconds in any case. Nothing is told where there are no windows.
void watch_for_end_of_session(void (*on_end)());

}  // namespace softlan::platform
