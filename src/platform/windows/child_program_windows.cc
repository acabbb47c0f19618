#include <windows.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/windows/child_program.h"
#include "platform/windows/handle.h"
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

// What a program says. It must not be more than fits: nobody reads before its end.
class Words {
 public:
  static constexpr DWORD kRoom = 64 * 1024;

  Words() {
    SECURITY_ATTRIBUTES inherited{
        .nLength = sizeof(inherited), .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
    HANDLE out = nullptr;
    HANDLE in = nullptr;
    if (!CreatePipe(&out, &in, &inherited, kRoom)) return;
    out_ = Handle(out);
    in_ = Handle(in);
    SetHandleInformation(out, HANDLE_FLAG_INHERIT, 0);
  }
  [[nodiscard]] HANDLE in() const { return in_.get(); }

  // The last line, as programs without a window write it: in the old code page.
  [[nodiscard]] std::string last_line() const {
    std::array<char, 4096> bytes{};
    DWORD there = 0;
    DWORD size = 0;
    while (PeekNamedPipe(out_.get(), nullptr, 0, nullptr, &there, nullptr) && there > 0) {
      if (!ReadFile(out_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &size, nullptr)) break;
    }
    std::string_view text = trim({bytes.data(), size});
    text.remove_prefix(text.rfind('\n') + 1);
    std::wstring wide(text.size(), L'\0');
    wide.resize(static_cast<std::size_t>(MultiByteToWideChar(CP_OEMCP, 0, text.data(), static_cast<int>(text.size()),
                                                             wide.data(), static_cast<int>(wide.size()))));
    return printable(to_utf8(wide));
  }

 private:
  Handle out_;
  Handle in_;
};

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
  const Words words;
  STARTUPINFOW startup{};
  startup.cb = sizeof(startup);
  startup.dwFlags = STARTF_USESTDHANDLES;
  startup.hStdOutput = startup.hStdError = words.in();
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, CREATE_NO_WINDOW, nullptr, nullptr,
                      &startup, &process)) {
    return fail("cannot run {}: {}", path, system_reason());
  }
  const DWORD waited = WaitForSingleObject(process.hProcess, static_cast<DWORD>(limit.count()));
  DWORD exit_code = 0;
  GetExitCodeProcess(process.hProcess, &exit_code);
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  if (waited != WAIT_OBJECT_0) return fail("{} does not come to an end", path);
  if (exit_code == 0) return {};
  const std::string said = words.last_line();
  return fail("{} failed with exit code {}{}{}", path, exit_code, said.empty() ? "" : ": ", said);
}

}  // namespace softlan::platform
