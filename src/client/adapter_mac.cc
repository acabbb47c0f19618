#include "client/adapter_mac.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace softlan::client {

namespace {

// As the driver reads it: twelve hex digits.
std::string as_network_address(const proto::Mac& mac) {
  std::string text;
  for (const std::uint8_t byte : mac.bytes) text += fmt::format("{:02X}", byte);
  return text;
}

Result<void> set_and_restart(TapAdapters& adapters, const TapAdapter& adapter,
                             const std::optional<std::string>& address) {
  if (auto set = adapters.set_network_address(adapter, address); !set) return set;
  return adapters.restart(adapter);
}

}  // namespace

Result<void> AdapterMac::take(const TapAdapter& adapter, const proto::Mac& mac) {
  const auto has = adapters_.hardware_address(adapter);
  if (!has) return std::unexpected(has.error());
  if (*has == mac.bytes) return {};
  Change before{std::string(kChange), adapter.guid, adapter.network_address.value_or("")};
  if (auto remembered = undo_.remember(before); !remembered) return remembered;
  change_ = std::move(before);
  auto changed = change(adapter, mac);
  if (!changed) (void)give_back();
  return changed;
}

Result<void> AdapterMac::change(const TapAdapter& adapter, const proto::Mac& mac) {
  if (auto set = set_and_restart(adapters_, adapter, as_network_address(mac)); !set) return set;
  const auto has = adapters_.hardware_address(adapter);
  if (!has) return std::unexpected(has.error());
  if (*has == mac.bytes) return {};
  return fail(
      "the adapter \"{}\" keeps its MAC {} although it was told to have {}; start with --keep-adapter-mac, or "
      "choose another adapter with --adapter",
      printable(adapter.name), to_string(proto::Mac{*has}), to_string(mac));
}

// What could not be put back stays remembered, for the next start.
Result<void> AdapterMac::give_back() {
  if (!change_) return {};
  const Change before = *std::exchange(change_, std::nullopt);
  auto done = put_back(adapters_, before);
  if (done) undo_.forget(before);
  return done;
}

Result<void> AdapterMac::put_back(TapAdapters& adapters, const Change& change) {
  const std::vector<TapAdapter> all = adapters.list();
  const auto adapter = std::ranges::find(all, change.target, &TapAdapter::guid);
  if (adapter == all.end()) return {};
  const auto before = change.before.empty() ? std::nullopt : std::optional(change.before);
  return set_and_restart(adapters, *adapter, before);
}

}  // namespace softlan::client
