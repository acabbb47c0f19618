#include "runtime/toml_surface.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace softlan::runtime {

namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Goes through one line, byte by byte.
class Line {
 public:
  explicit Line(std::span<char> line) : line_(line) {}

  // An objection, with its column; or an empty sentence and the comment made plain.
  TomlObjection make_plain() {
    for (; at_ < line_.size() && (quote_ != 0 || line_[at_] != '#'); ++at_) {
      if (!is_ascii(line_[at_])) return objection("here only plain letters are taken; others are for comments");
      if (opens_long_text()) return objection("a text begins and ends on one line");
      step();
    }
    std::ranges::replace_if(line_.subspan(std::min(at_, line_.size())), [](char c) { return !is_ascii(c); }, '?');
    return {};
  }

 private:
  [[nodiscard]] TomlObjection objection(std::string_view sentence) const {
    return {.line = 0, .column = static_cast<std::uint32_t>(at_ + 1), .sentence = sentence};
  }
  [[nodiscard]] bool opens_long_text() const {
    const std::string_view rest(line_.data() + at_, line_.size() - at_);
    return quote_ == 0 && (rest.starts_with("\"\"\"") || rest.starts_with("'''"));
  }
  // Into a text, out of it, or past what is escaped in it.
  void step() {
    const char c = line_[at_];
    if (quote_ == '"' && c == '\\' && at_ + 1 < line_.size() && is_ascii(line_[at_ + 1]))
      ++at_;
    else if (quote_ != 0 && c == quote_)
      quote_ = 0;
    else if (quote_ == 0 && (c == '"' || c == '\''))
      quote_ = c;
  }

  std::span<char> line_;
  std::size_t at_ = 0;
  char quote_ = 0;  // of the text we are in
};

}  // namespace

std::expected<std::string, TomlObjection> plain_toml(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string plain(text);
  std::span<char> rest(plain);
  for (std::uint32_t number = 1; !rest.empty(); ++number) {
    const auto end = static_cast<std::size_t>(std::ranges::find(rest, '\n') - rest.begin());
    TomlObjection objection = Line(rest.first(end)).make_plain();
    if (!objection.sentence.empty()) {
      objection.line = number;
      return std::unexpected(objection);
    }
    rest = rest.subspan(std::min(end + 1, rest.size()));
  }
  return plain;
}

}  // namespace softlan::runtime
