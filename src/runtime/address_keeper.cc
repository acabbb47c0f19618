#include "runtime/address_keeper.h"

#include <cstdio>
#include <utility>

#include "platform/linux/interface.h"

namespace softlan::runtime {

namespace {
constexpr Duration kWatchInterval = std::chrono::milliseconds(500);
}

AddressKeeper::AddressKeeper(Loop& loop, std::string interface, bool use_dhcp, obs::Log& log)
    : interface_(std::move(interface)), use_dhcp_(use_dhcp), log_(log), timer_(loop.context()) {
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
  if (!asked) log_.error("no DHCP", {{"reason", asked.error().message}});
}

void AddressKeeper::watch() {
  const auto address = platform::ipv4_address(interface_);
  if (address != told_) {
    told_ = address;
    if (address) std::printf("Your address at the party is %s (on %s).\n", address->c_str(), interface_.c_str());
    if (!address) std::printf("%s has no address any more.\n", interface_.c_str());
    std::fflush(stdout);
  }
  timer_.expires_after(kWatchInterval);
  timer_.async_wait([this](std::error_code error) {
    if (!error) watch();
  });
}

}  // namespace softlan::runtime
