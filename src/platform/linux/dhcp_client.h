// Runs the system's DHCP client on the TAP for the address only: no default route, no name servers.
//
// Needs the same rights as the TAP itself. The client is another process; it ends with this object, and its files go.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/linux/child_process.h"
#include "platform/linux/dhcp_command.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::platform {

class DhcpClient {
 public:
  // Uses udhcpc, dhclient or dhcpcd, whichever is found first. It keeps asking until somebody answers.
  [[nodiscard]] static Result<DhcpClient> start(std::string_view interface);
  [[nodiscard]] static Result<DhcpClient> start(std::string_view interface, const DhcpProgram& program);

  // Asks anew and at once, for a network that may be another one: after the carrier came back, or when !running().
  // Waits up to a second for the old client to end.
  [[nodiscard]] Result<void> restart();

  [[nodiscard]] bool running() { return process_.running(); }

  // The interface's IPv4 address with its prefix length, "192.168.77.23/24".
  [[nodiscard]] std::optional<std::string> address() const;

 private:
  DhcpClient(std::string interface, TemporaryFolder folder, std::vector<std::string> command, ChildProcess process);

  std::string interface_;
  TemporaryFolder folder_;  // outlives the process that reads it
  std::vector<std::string> command_;
  ChildProcess process_;
};

}  // namespace softlan::platform
