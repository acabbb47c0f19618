#include "runtime/without_secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "base/address.h"
#include "base/prefix.h"

namespace softlan::runtime {

namespace {

constexpr std::string_view kRemoved = "[removed]";
constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestKey = 40;

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_of_base64(char c) { return is_letter_or_digit(c) || std::string_view("+/-_=").contains(c); }
bool is_of_address(char c) { return is_letter_or_digit(c) || c == '.' || c == ':'; }
bool is_of_pass(char c) { return is_letter_or_digit(c) || c == '-'; }

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + kRemoved.size()))
    text.replace(at, what.size(), kRemoved);
}

// From behind each `begin` up to the first of `ends`, or to the end of the text.
void cut_behind(std::string& text, std::string_view begin, std::string_view ends) {
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + begin.size())) {
    const std::size_t from = at + begin.size();
    text.replace(from, std::min(text.find_first_of(ends, from), text.size()) - from, kRemoved);
  }
}

void cut_pem(std::string& text) {
  constexpr std::string_view kEnd = "-----END ";
  for (std::size_t at = text.find("-----BEGIN "); at != std::string::npos; at = text.find("-----BEGIN ", at)) {
    const std::size_t last = text.find(kEnd, at);
    const std::size_t end = last == std::string::npos ? text.size() : std::min(text.find('\n', last), text.size());
    text.replace(at, end - at, kRemoved);
  }
}

// Every run of characters that `belongs` likes, as `change` has it.
template <typename Belongs, typename Change>
std::string with_runs(std::string_view text, Belongs belongs, Change change) {
  std::string changed;
  while (!text.empty()) {
    const auto run_end = std::ranges::find_if_not(text, belongs);
    const auto size = static_cast<std::size_t>(run_end - text.begin());
    changed += size == 0 ? std::string(1, text[0]) : change(text.substr(0, size));
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return changed;
}

// Four groups of four (docs/PROTOCOL.md, "Passes").
bool looks_like_pass(std::string_view word) {
  if (word.size() != 19) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if ((i % 5 == 4) != (word[i] == '-')) return false;
  }
  return true;
}

// Whose addresses many have, so that they tell nothing of anybody.
bool is_public(const IpAddress& address) {
  constexpr std::string_view kOthers[] = {"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
                                          "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
                                          "::/127",         "fc00::/7",      "fe80::/10",      "ff00::/8"};
  return std::ranges::none_of(kOthers, [&](std::string_view text) {
    const auto prefix = parse_prefix(text);
    return prefix && prefix->address.family == address.family && contains(*prefix, address);
  });
}

// Of "203.0.113.30:5120" the address alone; IPv6 addresses come in brackets, which end a run.
std::string masked_run(std::string_view run, std::span<const std::string> shown) {
  const bool has_port = std::ranges::count(run, ':') == 1;
  const std::string_view address = has_port ? run.substr(0, run.find(':')) : run;
  const std::string_view dots = address.substr(std::min(address.find_last_not_of(".:") + 1, address.size()));
  const std::string_view bare = address.substr(0, address.size() - dots.size());
  if (std::ranges::find(shown, bare) != shown.end()) return std::string(run);
  return mask_address(bare) + std::string(run.substr(bare.size()));
}

}  // namespace

std::string mask_address(std::string_view address) {
  const auto ip = parse_ip(address);
  if (!ip || !is_public(*ip)) return std::string(address);
  const auto& b = ip->bytes;
  if (ip->family == IpAddress::Family::v4) return fmt::format("{}.{}.{}.x", b[0], b[1], b[2]);
  return fmt::format("{:x}:{:x}:{:x}:x", b[0] << 8 | b[1], b[2] << 8 | b[3], b[4] << 8 | b[5]);
}

std::string without_secrets(std::string text, std::span<const std::string> secrets,
                            std::span<const std::string> shown) {
  std::vector<std::string_view> longest_first(secrets.begin(), secrets.end());
  std::ranges::stable_sort(longest_first, std::greater(), &std::string_view::size);
  for (const std::string_view secret : longest_first) {
    if (secret.size() >= kShortestSecret) replace_all(text, secret);
  }
  cut_behind(text, "lanparty://", " \t\r\n\"'");
  cut_pem(text);
  text = with_runs(text, is_of_base64,
                   [](std::string_view run) { return std::string(run.size() >= kShortestKey ? kRemoved : run); });
  text = with_runs(text, is_of_pass,
                   [](std::string_view run) { return std::string(looks_like_pass(run) ? kRemoved : run); });
  return with_runs(text, is_of_address, [shown](std::string_view run) { return masked_run(run, shown); });
}

}  // namespace softlan::runtime
