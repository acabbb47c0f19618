#include "client/tap_choice.h"

#include <algorithm>

#include "base/text.h"

namespace softlan::client {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view without_braces(std::string_view guid) {
  if (guid.starts_with('{')) guid.remove_prefix(1);
  if (guid.ends_with('}')) guid.remove_suffix(1);
  return guid;
}

bool is_meant(const TapAdapter& adapter, std::string_view wanted) {
  return same(adapter.name, wanted) || same(without_braces(adapter.guid), without_braces(wanted));
}

// "A", "B" and "C", in quotes.
std::string names(std::span<const TapAdapter> adapters) {
  std::string text;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    if (i > 0) text += i + 1 == adapters.size() ? " and " : ", ";
    text += '"' + printable(adapters[i].name) + '"';
  }
  return text;
}

}  // namespace

Result<const TapAdapter*> choose_adapter(std::span<const TapAdapter> adapters, std::string_view wanted) {
  const std::string_view name = wanted.empty() ? kOwnAdapter : wanted;
  const auto meant = std::ranges::find_if(adapters, [name](const TapAdapter& each) { return is_meant(each, name); });
  if (meant != adapters.end()) return &*meant;
  if (wanted.empty()) return nullptr;
  if (adapters.empty()) {
    return fail("--adapter: there is no TAP adapter called \"{}\", nor any other; without --adapter one is made",
                printable(wanted));
  }
  return fail("--adapter: there is no TAP adapter called \"{}\"; there is {}", printable(wanted), names(adapters));
}

std::string no_adapter(std::span<const TapAdapter> adapters, std::string_view reason) {
  if (adapters.empty()) return std::string(reason);
  return fmt::format(
      "no adapter for the party: {}. {} may belong to another program; if it is free for the party, name "
      "it with --adapter",
      reason, names(adapters));
}

Result<proto::Mac> choose_mac(const proto::Mac& wanted, const proto::Mac& adapters, bool keep) {
  const proto::Mac chosen = keep ? adapters : wanted;
  if (proto::may_own(chosen)) return chosen;
  return fail("{} cannot be the MAC of one network card{}", to_string(chosen),
              keep ? "; start without --keep-adapter-mac" : "");
}

}  // namespace softlan::client
