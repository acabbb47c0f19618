#include <windows.h>

#include <thread>

#include "platform/windows/end_of_session.h"

namespace softlan::platform {

namespace {

using OnEnd = void (*)();

LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM word, LPARAM more) {
  // `word` is false when somebody objected and the session goes on.
  if (message != WM_ENDSESSION || !word) return DefWindowProcW(window, message, word, more);
  reinterpret_cast<OnEnd>(GetWindowLongPtrW(window, GWLP_USERDATA))();
  return 0;
}

// Not below HWND_MESSAGE: windows there are not told.
void keep_window(OnEnd on_end) {
  WNDCLASSW description{};
  description.lpfnWndProc = on_message;
  description.hInstance = GetModuleHandleW(nullptr);
  description.lpszClassName = L"softlan end of session";
  if (!RegisterClassW(&description)) return;
  const HWND window = CreateWindowExW(0, description.lpszClassName, L"softlan", WS_OVERLAPPED, 0, 0, 0, 0, nullptr,
                                      nullptr, description.hInstance, nullptr);
  if (!window) return;
  SetWindowLongPtrW(window, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(on_end));
  MSG message;
  while (GetMessageW(&message, nullptr, 0, 0) > 0) DispatchMessageW(&message);
}

}  // namespace

void watch_for_end_of_session(OnEnd on_end) { std::thread(keep_window, on_end).detach(); }

}  // namespace softlan::platform
