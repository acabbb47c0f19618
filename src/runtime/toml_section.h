// A table of a TOML file, read key by key, with mistakes told by their place: "relay.toml:3:1: ...".
//
// A key that is not in the file leaves its value as it was. Reading goes on after a mistake; the first one in the file
// is the one that is told.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// Where toml++ (3.3, 3.4) should complain of "[:" or "[}", it asserts that they do not occur, and goes astray in a
// release build. So its assertions throw here, for parse_toml() to tell as any other mistake.
namespace softlan::runtime {
[[noreturn]] void mislead_toml_parser();
}  // namespace softlan::runtime
#pragma push_macro("NDEBUG")
#undef NDEBUG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate"
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : softlan::runtime::mislead_toml_parser())
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>
#pragma GCC diagnostic pop
#pragma pop_macro("NDEBUG")

namespace softlan::runtime {

class TomlMistakes {
 public:
  explicit TomlMistakes(std::string path) : path_(std::move(path)) {}

  // `sentence` goes on where "FILE:LINE:COLUMN: " ends.
  void add(const toml::source_position& place, const std::string& sentence);
  // The first in the file, if any.
  [[nodiscard]] const std::optional<Error>& first() const { return first_; }

 private:
  std::string path_;
  std::optional<Error> first_;
  toml::source_position place_{};
};

// Nothing when it is no TOML.
[[nodiscard]] std::optional<toml::table> parse_toml(std::string_view text, TomlMistakes& mistakes);

class TomlSection {
 public:
  // Says what is wrong with a value, as "'x' is no address"; nothing when all is well.
  using Rule = std::function<std::string(const std::string&)>;

  // `name` as mistakes call it: "[limits]", or empty for the file itself. Borrows both.
  TomlSection(const toml::table& table, std::string name, TomlMistakes& mistakes)
      : table_(table), name_(std::move(name)), mistakes_(mistakes) {}

  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::string& value, const Rule& rule);
  // One text, or a list of them.
  void read(std::string_view key, std::vector<std::string>& values, const Rule& rule);
  void read(std::string_view key, std::vector<std::uint16_t>& values, std::uint16_t min, std::uint16_t max);
  template <std::unsigned_integral Number>
  void read(std::string_view key, Number& value, std::int64_t min, std::int64_t max) {
    if (const auto number = read_number(key, min, max)) value = static_cast<Number>(*number);
  }
  // "2026-08-09T23:00:00+02:00"; without an offset it is UTC, and a date alone is the end of that day.
  [[nodiscard]] std::optional<std::int64_t> read_unix_time(std::string_view key);

  [[nodiscard]] std::optional<TomlSection> section(std::string_view key);
  // Those of a [[list]].
  [[nodiscard]] std::vector<TomlSection> sections(std::string_view key);
  // Of a list, whatever they are.
  [[nodiscard]] std::vector<const toml::node*> elements(std::string_view key);

  // An element of the list at `key` that should be a text.
  [[nodiscard]] std::optional<std::string> text_in(const toml::node& node, std::string_view key, const Rule& rule);

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  // At this key, or where the section begins when it is not there.
  void complain(std::string_view key, const std::string& sentence);
  // Complains about keys that nobody asked for; the last call.
  void finish();

 private:
  [[nodiscard]] const toml::node* take(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> read_number(std::string_view key, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::optional<std::int64_t> number_in(const toml::node& node, std::string_view key, std::int64_t min,
                                                      std::int64_t max);
  void complain_type(const toml::node& node, std::string_view key, std::string_view wanted);

  const toml::table& table_;
  std::string name_;
  TomlMistakes& mistakes_;
  std::vector<std::string> known_;
};

}  // namespace softlan::runtime
