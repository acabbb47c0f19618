#include <windows.h>

#include "platform/windows/child_program.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

// As CommandLineToArgvW() takes it apart; a backslash counts before a quote only.
void append_quoted(std::wstring& line, const std::wstring& argument) {
  std::size_t backslashes = 0;
  line += L'"';
  for (const wchar_t c : argument) {
    if (c == L'"') line.append(backslashes + 1, L'\\');
    backslashes = c == L'\\' ? backslashes + 1 : 0;
    line += c;
  }
  line.append(backslashes, L'\\');
  line += L'"';
}

}  // namespace

Result<void> run_program(const std::string& path, const std::vector<std::string>& arguments,
                         std::chrono::milliseconds limit) {
  const std::wstring program = to_wide(path);
  std::wstring line;
  append_quoted(line, program);
  for (const std::string& argument : arguments) {
    line += L' ';
    append_quoted(line, to_wide(argument));
  }
  STARTUPINFOW startup{};
  startup.cb = sizeof(startup);
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, FALSE, CREATE_NO_WINDOW, nullptr, nullptr,
                      &startup, &process)) {
    return fail("cannot run {}: {}", path, system_reason());
  }
  const DWORD waited = WaitForSingleObject(process.hProcess, static_cast<DWORD>(limit.count()));
  DWORD exit_code = 0;
  GetExitCodeProcess(process.hProcess, &exit_code);
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  if (waited != WAIT_OBJECT_0) return fail("{} does not come to an end", path);
  if (exit_code != 0) return fail("{} failed with exit code {}", path, exit_code);
  return {};
}

}  // namespace softlan::platform
