// The TAP's address: runs the DHCP client while the carrier is up, and tells which address the card has.
#pragma once

#include <asio/steady_timer.hpp>
#include <optional>
#include <string>

#include "platform/linux/dhcp_client.h"
#include "runtime/loop.h"
#include "runtime/voice.h"

namespace softlan::runtime {

class AddressKeeper {
 public:
  // Does nothing but tell addresses unless `use_dhcp`.
  AddressKeeper(Loop& loop, std::string interface, bool use_dhcp, Voice& voice);

  void on_carrier(bool on);

 private:
  void ask();
  void watch();

  std::string interface_;
  bool use_dhcp_;
  Voice& voice_;
  std::optional<platform::DhcpClient> dhcp_;
  std::optional<std::string> told_;
  asio::steady_timer timer_;
};

}  // namespace softlan::runtime
