#include "runtime/toml_section.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/text.h"
#include "runtime/toml_surface.h"

namespace softlan::runtime {

namespace {

std::string_view in_words(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a section";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

// Letters to add, take away or change (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({changed, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

// What is meant by a key nobody knows: one of them that is near, or a list of all.
std::string advice(std::string_view key, const std::vector<std::string>& known) {
  const auto far = [key](const std::string& other) { return distance(key, other); };
  const auto nearest = std::ranges::min_element(known, {}, far);
  if (nearest != known.end() && far(*nearest) <= 1 + key.size() / 3) return fmt::format("did you mean '{}'?", *nearest);
  return fmt::format("the keys are {}", fmt::join(known, ", "));
}

std::int64_t unix_time_of(const toml::date& date) {
  const std::chrono::sys_days day = std::chrono::year(date.year) / date.month / date.day;
  return day.time_since_epoch() / std::chrono::seconds(1);
}

std::int64_t unix_time_of(const toml::date_time& moment) {
  const std::int64_t minutes =
      moment.time.hour * 60 + moment.time.minute - (moment.offset ? moment.offset->minutes : 0);
  return unix_time_of(moment.date) + minutes * 60 + moment.time.second;
}

struct ParserMisled {};

bool misleads(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const toml::parse_error&) {
    return false;
  } catch (const ParserMisled&) {
    return true;
  }
  return false;
}

// `text` misleads the parser; with which of its lines, by halving.
std::uint32_t misleading_line(std::string_view text) {
  std::vector<std::size_t> ends;  // of the first line, the first two, ...
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ends.push_back(at + 1);
  }
  const auto first =
      std::ranges::partition_point(ends, [text](std::size_t end) { return !misleads(text.substr(0, end)); });
  return static_cast<std::uint32_t>(first - ends.begin() + 1);
}

}  // namespace

void mislead_toml_parser() { throw ParserMisled(); }

void TomlMistakes::add(const toml::source_position& place, const std::string& sentence) {
  if (first_ && !(place < place_)) return;
  place_ = place;
  first_ = Error{fmt::format("{}:{}:{}: {}", path_, place_.line, place_.column, printable(sentence, 500))};
}

std::optional<toml::table> parse_toml(std::string_view text, TomlMistakes& mistakes) {
  const auto plain = plain_toml(text);
  if (!plain) {
    mistakes.add({plain.error().line, plain.error().column}, std::string(plain.error().sentence));
    return std::nullopt;
  }
  try {
    return toml::parse(*plain);
  } catch (const toml::parse_error& error) {
    mistakes.add(error.source().begin, std::string(error.description()));
  } catch (const ParserMisled&) {
    mistakes.add({misleading_line(*plain), 1}, "this line is not TOML: look for a missing name, quote or bracket");
  }
  return std::nullopt;
}

void TomlSection::read(std::string_view key, bool& value) {
  const toml::node* node = take(key);
  if (!node) return;
  if (!node->is_boolean()) return complain_type(*node, key, "true or false");
  value = **node->as_boolean();
}

void TomlSection::read(std::string_view key, std::string& value, const Rule& rule) {
  const toml::node* node = take(key);
  if (!node) return;
  if (auto text = text_in(*node, key, rule)) value = *std::move(text);
}

void TomlSection::read(std::string_view key, std::vector<std::string>& values, const Rule& rule) {
  const toml::node* node = take(key);
  if (!node) return;
  values.clear();
  if (node->is_string()) {
    if (auto text = text_in(*node, key, rule)) values.push_back(*std::move(text));
    return;
  }
  if (!node->is_array()) return complain_type(*node, key, "a text in quotes, or a list of them in square brackets");
  for (const toml::node* element : elements(key)) {
    if (auto text = text_in(*element, key, rule)) values.push_back(*std::move(text));
  }
}

void TomlSection::read(std::string_view key, std::vector<std::uint16_t>& values, std::uint16_t min, std::uint16_t max) {
  if (!take(key)) return;
  values.clear();
  for (const toml::node* element : elements(key)) {
    if (const auto number = number_in(*element, key, min, max)) values.push_back(static_cast<std::uint16_t>(*number));
  }
}

std::optional<std::int64_t> TomlSection::read_unix_time(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return std::nullopt;
  if (const auto* moment = node->as_date_time()) return unix_time_of(**moment);
  if (const auto* date = node->as_date()) return unix_time_of(**date) + std::int64_t{24} * 60 * 60;
  complain_type(*node, key, "a date like 2026-08-09 or 2026-08-09T23:00:00+02:00, without quotes");
  return std::nullopt;
}

std::optional<TomlSection> TomlSection::section(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return std::nullopt;
  const std::string full =
      name_.empty() ? fmt::format("[{}]", key) : fmt::format("{}.{}]", name_.substr(0, name_.find(']')), key);
  if (const auto* table = node->as_table()) return TomlSection(*table, full, mistakes_);
  complain_type(*node, key, fmt::format("a section {}", full));
  return std::nullopt;
}

std::vector<TomlSection> TomlSection::sections(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return {};
  std::vector<TomlSection> found;
  if (!node->is_array()) {
    complain_type(*node, key, fmt::format("sections that begin with [[{}]]", key));
    return {};
  }
  for (const toml::node& element : *node->as_array()) {
    if (const auto* table = element.as_table())
      found.emplace_back(*table, fmt::format("[{}]", key), mistakes_);
    else
      complain_type(element, key, fmt::format("sections that begin with [[{}]]", key));
  }
  return found;
}

std::vector<const toml::node*> TomlSection::elements(std::string_view key) {
  const toml::node* node = take(key);
  if (!node) return {};
  const auto* array = node->as_array();
  if (!array) {
    complain_type(*node, key, "a list in square brackets");
    return {};
  }
  std::vector<const toml::node*> found;
  for (const toml::node& element : *array) found.push_back(&element);
  return found;
}

void TomlSection::complain(std::string_view key, const std::string& sentence) {
  const toml::node* node = table_.get(key);
  mistakes_.add((node ? node->source() : table_.source()).begin, sentence);
}

void TomlSection::finish() {
  for (const auto& [key, value] : table_) {
    if (std::ranges::find(known_, key.str()) != known_.end()) continue;
    mistakes_.add(key.source().begin, fmt::format("'{}' is not a key of {}; {}", key.str(),
                                                  name_.empty() ? "this file" : name_, advice(key.str(), known_)));
  }
}

const toml::node* TomlSection::take(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  return table_.get(key);
}

std::optional<std::int64_t> TomlSection::read_number(std::string_view key, std::int64_t min, std::int64_t max) {
  const toml::node* node = take(key);
  return node ? number_in(*node, key, min, max) : std::nullopt;
}

std::optional<std::int64_t> TomlSection::number_in(const toml::node& node, std::string_view key, std::int64_t min,
                                                   std::int64_t max) {
  const auto* number = node.as_integer();
  if (!number) {
    complain_type(node, key, fmt::format("whole numbers from {} to {}", min, max));
    return std::nullopt;
  }
  if (**number >= min && **number <= max) return **number;
  mistakes_.add(node.source().begin, fmt::format("{} is {}; it takes {} to {}", key, **number, min, max));
  return std::nullopt;
}

std::optional<std::string> TomlSection::text_in(const toml::node& node, std::string_view key, const Rule& rule) {
  const auto* text = node.as_string();
  if (!text) {
    complain_type(node, key, "a text in quotes");
    return std::nullopt;
  }
  const std::string problem = rule(**text);
  if (problem.empty()) return **text;
  mistakes_.add(node.source().begin, fmt::format("{}: {}", key, problem));
  return std::nullopt;
}

void TomlSection::complain_type(const toml::node& node, std::string_view key, std::string_view wanted) {
  mistakes_.add(node.source().begin, fmt::format("{} is {}; it takes {}", key, in_words(node.type()), wanted));
}

}  // namespace softlan::runtime
