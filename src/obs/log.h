// Structured log: an event in words and named fields, as text or as JSON lines. Backed by spdlog.
//
//   log.info("member joined", {{"room", code}, {"peer", 3}});
//   2026-05-01T12:00:00.123Z info  member joined room=ROOM1 peer=3
//   {"ts":"2026-05-01T12:00:00.123Z","level":"info","event":"member joined","room":"ROOM1","peer":3}
//
// Text values lose control characters, and in the text form they are quoted when they contain blanks, quotes or '='.
// Nothing is formatted below the chosen level.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace spdlog {
class logger;
}

namespace softlan::obs {

enum class Level : std::uint8_t { debug, info, warn, error };
enum class LogFormat : std::uint8_t { text, json };

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::integral T>
  Field(std::string_view k, T v) : key(k) {
    if constexpr (std::is_signed_v<T>)
      value = static_cast<std::int64_t>(v);
    else
      value = static_cast<std::uint64_t>(v);
  }
};

// Takes one finished line, with its line end.
using LineOutlet = std::function<void(std::string_view line)>;

class Log {
 public:
  // To standard error.
  Log(Level level, LogFormat format);
  // To `stream`, which must outlive the log.
  static Log to(std::ostream& stream, Level level, LogFormat format);
  // Line by line to `outlet`.
  static Log through(LineOutlet outlet, Level level, LogFormat format);
  // To nowhere: for tests and benchmarks.
  static Log quiet();
  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) noexcept;

  [[nodiscard]] bool enabled(Level level) const { return level >= level_; }
  void log(Level level, std::string_view event, std::initializer_list<Field> fields = {}) {
    write(level, event, fields);
  }
  void debug(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warn(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::warn, event, fields); }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }

 private:
  Log() = default;
  void write(Level level, std::string_view event, std::initializer_list<Field> fields);

  std::shared_ptr<spdlog::logger> sink_;
  Level level_ = Level::info;
  LogFormat format_ = LogFormat::text;
};

}  // namespace softlan::obs
