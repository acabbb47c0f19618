#include "runtime/address_keeper.h"

#include <fmt/format.h>

#include <utility>

#include "platform/linux/interface.h"

namespace softlan::runtime {

namespace {
constexpr Duration kWatchInterval = std::chrono::milliseconds(500);
}

AddressKeeper::AddressKeeper(Loop& loop, std::string interface, bool use_dhcp, Voice& voice)
    : interface_(std::move(interface)), use_dhcp_(use_dhcp), voice_(voice), timer_(loop.context()) {
  watch();
}

void AddressKeeper::on_carrier(bool on) {
  if (on && use_dhcp_) ask();
}

void AddressKeeper::ask() {
  Result<void> asked;
  if (dhcp_) {
    asked = dhcp_->restart();
  } else {
    auto started = platform::DhcpClient::start(interface_);
    if (started) {
      dhcp_.emplace(std::move(*started));
    } else {
      asked = std::unexpected(started.error());
    }
  }
  if (!asked) voice_.log().error("no DHCP", {{"reason", asked.error().message}});
}

void AddressKeeper::watch() {
  const auto address = platform::ipv4_address(interface_);
  if (address != told_) {
    told_ = address;
    voice_.tell(address ? fmt::format("Your address at the party is {} (on {}).", *address, interface_)
                        : fmt::format("{} has no address any more.", interface_));
  }
  timer_.expires_after(kWatchInterval);
  timer_.async_wait([this](std::error_code error) {
    if (!error) watch();
  });
}

}  // namespace softlan::runtime
