#include "obs/log_line.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/text.h"

namespace softlan::obs {
namespace {

// `text` holds no control characters, so these two are all that JSON (RFC 8259, section 7) needs escaped.
void append_quoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') line += '\\';
    line += c;
  }
  line += '"';
}

void append_text_value(std::string& line, std::string_view value) {
  const std::string shown = printable(value, kMaxLogText);
  if (shown.empty() || shown.find_first_of(" \"\\=") != std::string::npos)
    append_quoted(line, shown);
  else
    line += shown;
}

void append_text_value(std::string& line, const auto& number) {
  fmt::format_to(std::back_inserter(line), "{}", number);
}

void append_json_value(std::string& line, std::string_view value) {
  append_quoted(line, printable(value, kMaxLogText));
}

void append_json_value(std::string& line, double number) {
  if (std::isfinite(number))
    fmt::format_to(std::back_inserter(line), "{}", number);
  else
    line += "null";
}

void append_json_value(std::string& line, const auto& number) {
  fmt::format_to(std::back_inserter(line), "{}", number);
}

std::string text_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = fmt::format("{:<5} {}", to_string(level), event);
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(line), " {}=", field.key);
    std::visit([&line](const auto& value) { append_text_value(line, value); }, field.value);
  }
  return line;
}

std::string json_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = fmt::format("\"level\":\"{}\",\"event\":", to_string(level));
  append_quoted(line, event);
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(line), ",\"{}\":", field.key);
    std::visit([&line](const auto& value) { append_json_value(line, value); }, field.value);
  }
  line += '}';
  return line;
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
  }
  return "info";
}

std::string log_line(LogFormat format, Level level, std::string_view event, std::initializer_list<Field> fields) {
  const std::string shown = printable(event, kMaxLogText);
  return format == LogFormat::json ? json_line(level, shown, fields) : text_line(level, shown, fields);
}

}  // namespace softlan::obs
