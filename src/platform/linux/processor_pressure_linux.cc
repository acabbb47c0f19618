#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "platform/linux/processor_pressure.h"

namespace softlan::platform {

namespace {

// "some avg10=0.00 avg60=0.00 avg300=0.00 total=12345\n...", in microseconds.
Duration parse_total(std::string_view text) {
  constexpr std::string_view kName = "total=";
  const auto at = text.find(kName);
  std::int64_t microseconds = 0;
  if (!text.starts_with("some ") || at == std::string_view::npos) return {};
  std::from_chars(text.data() + at + kName.size(), text.data() + text.size(), microseconds);
  return std::chrono::microseconds(microseconds);
}

}  // namespace

ProcessorPressure::ProcessorPressure(const std::string& file) : file_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  std::array<char, 1> any{};
  if (file_ && pread(file_.get(), any.data(), any.size(), 0) <= 0) file_ = {};  // opens, but is switched off
}

Duration ProcessorPressure::contended() const {
  std::array<char, 256> text{};
  const ssize_t size = file_ ? pread(file_.get(), text.data(), text.size(), 0) : 0;
  return size > 0 ? parse_total({text.data(), static_cast<std::size_t>(size)}) : Duration{};
}

}  // namespace softlan::platform
