#include "platform/system_name.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "platform/files.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kMaxFile = 16 * 1024;

// PRETTY_NAME of os-release(5), or empty.
std::string distribution() {
  constexpr std::string_view kKey = "PRETTY_NAME=";
  const auto file = read_file("/etc/os-release", kMaxFile);
  if (!file) return {};
  std::string_view text = *file;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.starts_with(kKey)) continue;
    line.remove_prefix(kKey.size());
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
    return std::string(line);
  }
  return {};
}

}  // namespace

std::string system_name() {
  utsname kernel{};
  uname(&kernel);
  const std::string name = distribution();
  return printable(fmt::format("{}{}{} {}", name, name.empty() ? "" : ", ", kernel.sysname, kernel.release));
}

}  // namespace softlan::platform
