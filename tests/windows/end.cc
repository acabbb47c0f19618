// Runs a program on a console of its own, and ends programs as Windows does it, under Wine.
//
//   end run PROGRAM.exe ARGUMENT...
//   end PROGRAM.exe ctrl-c | ctrl-break | close | log-off
//
// A thread begins in the program at CtrlRoutine() of kernelbase.dll, which calls its handlers: so does Windows' console
// server, while Wine's passes on Ctrl-C alone. Of the log-off its windows are told, as by Windows. What has not ended
// after five seconds is ended, as by Windows, and this fails.
#include <windows.h>
// which these need:
#include <tlhelp32.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

namespace {

constexpr DWORD kPatienceMs = 5000;

int fail(const char* what) {
  std::fprintf(stderr, "end: %s: error %lu\n", what, GetLastError());
  return 1;
}

DWORD process_of(std::string_view program) {
  const std::wstring name(program.begin(), program.end());
  const HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof(entry);
  for (BOOL more = Process32FirstW(all, &entry); more; more = Process32NextW(all, &entry)) {
    if (name == entry.szExeFile) return entry.th32ProcessID;
  }
  return 0;
}

// System DLLs are at the same place in all programs.
bool tell_handlers(HANDLE process, DWORD event) {
  const auto routine = reinterpret_cast<LPTHREAD_START_ROUTINE>(
      reinterpret_cast<void*>(GetProcAddress(GetModuleHandleA("kernelbase.dll"), "CtrlRoutine")));
  return routine &&
         CreateRemoteThread(process, nullptr, 0, routine, reinterpret_cast<void*>(std::uintptr_t{event}), 0, nullptr);
}

// Every window of the program that stands on the desktop is asked first, and told then.
bool tell_windows(DWORD program) {
  struct Telling {
    DWORD program;
    bool told = false;
  } telling{program};
  const auto tell = [](HWND window, LPARAM given) -> BOOL {
    auto& all = *reinterpret_cast<Telling*>(given);
    DWORD owner = 0;
    GetWindowThreadProcessId(window, &owner);
    if (owner != all.program || !SendMessageW(window, WM_QUERYENDSESSION, 0, ENDSESSION_LOGOFF)) return TRUE;
    SendMessageW(window, WM_ENDSESSION, TRUE, ENDSESSION_LOGOFF);
    all.told = true;
    return TRUE;
  };
  EnumWindows(tell, reinterpret_cast<LPARAM>(&telling));
  return telling.told;
}

std::string line_of(int argc, char** argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "\"" : " \"") + std::string(argv[i]) + '"';
  return line;
}

// On a console without a window; what it says goes where our words go. Its Ctrl-C counts, whoever started us.
int run(int argc, char** argv) {
  STARTUPINFOA startup{};
  startup.cb = sizeof(startup);
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  PROCESS_INFORMATION process{};
  std::string line = line_of(argc, argv);
  SetConsoleCtrlHandler(nullptr, FALSE);
  if (!CreateProcessA(nullptr, line.data(), nullptr, nullptr, TRUE, CREATE_NO_WINDOW, nullptr, nullptr, &startup,
                      &process))
    return fail("cannot start it");
  WaitForSingleObject(process.hProcess, INFINITE);
  DWORD code = 1;
  GetExitCodeProcess(process.hProcess, &code);
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string_view, DWORD> events = {
      {"ctrl-c", CTRL_C_EVENT}, {"ctrl-break", CTRL_BREAK_EVENT}, {"close", CTRL_CLOSE_EVENT}};
  if (argc > 2 && std::string_view(argv[1]) == "run") return run(argc - 2, argv + 2);
  const bool log_off = argc == 3 && std::string_view(argv[2]) == "log-off";
  if (argc != 3 || (!log_off && !events.contains(argv[2]))) return 2;
  const DWORD id = process_of(argv[1]);
  const HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
  if (!process) return fail("no such program");
  if (log_off && !tell_windows(id)) return fail("it has no window");
  if (!log_off && !tell_handlers(process, events.at(argv[2]))) return fail("cannot begin a thread");
  if (WaitForSingleObject(process, kPatienceMs) == WAIT_OBJECT_0) return 0;
  TerminateProcess(process, 99);
  return fail("it did not end by itself");
}
