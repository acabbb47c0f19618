#include "auth/pass.h"

#include <array>
#include <optional>

#include "base/text.h"

namespace softlan::auth {

namespace {

constexpr std::string_view kSymbols = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kGeneratedSymbols = 16;
constexpr std::size_t kGroup = 4;

// The blanks of Unicode (category Zs) beyond ASCII.
constexpr std::array<std::string_view, 16> kBlanks = {
    "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
    "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000",
};

std::string in_groups(std::string_view symbols) {
  std::string text;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i > 0 && i % kGroup == 0) text += '-';
    text += symbols[i];
  }
  return text;
}

// The symbol meant by a character that a person typed, or one that is none.
char symbol_meant(char typed) {
  const char c = typed >= 'A' && typed <= 'Z' ? static_cast<char>(typed - 'A' + 'a') : typed;
  if (c == 'i' || c == 'l') return '1';
  return c == 'o' ? '0' : c;
}

// The one spelling of a pass of the generated form.
std::optional<std::string> generated_form(std::string_view text) {
  std::string symbols;
  for (const char typed : text) {
    if (typed == '-') continue;
    const char symbol = symbol_meant(typed);
    if (!kSymbols.contains(symbol)) return {};
    symbols += symbol;
  }
  if (symbols.size() != kGeneratedSymbols) return {};
  return in_groups(symbols);
}

std::string with_plain_blanks(std::string text) {
  for (const std::string_view blank : kBlanks) {
    for (auto at = text.find(blank); at != std::string::npos; at = text.find(blank, at))
      text.replace(at, blank.size(), " ");
  }
  return text;
}

}  // namespace

std::string generate_pass(Random& random) {
  std::array<std::uint8_t, kGeneratedSymbols> bytes;
  random.fill(bytes);
  std::string symbols;
  for (const std::uint8_t byte : bytes) symbols += kSymbols[byte % kSymbols.size()];
  return in_groups(symbols);
}

Result<std::string> check_pass(std::string_view text) {
  if (text.empty()) return fail("A pass cannot be empty.");
  if (text.size() > kMaxPassBytes) return fail("This pass is too long: {} bytes are the most.", kMaxPassBytes);
  if (!is_utf8(text)) return fail("This pass is not UTF-8 text.");
  if (printable(text, text.size()) != text)
    return fail("This pass has control characters or other invisible marks in it: type it anew.");
  if (auto generated = generated_form(text)) return *generated;
  return with_plain_blanks(std::string(text));
}

}  // namespace softlan::auth
