#include "platform/linux/dhcp_client.h"

#include "platform/linux/interface.h"

namespace softlan::platform {

DhcpClient::DhcpClient(std::string interface, TemporaryFolder folder, std::vector<std::string> command,
                       ChildProcess process)
    : interface_(std::move(interface)),
      folder_(std::move(folder)),
      command_(std::move(command)),
      process_(std::move(process)) {}

Result<DhcpClient> DhcpClient::start(std::string_view interface) {
  const auto program = choose_dhcp_program();
  if (!program) return std::unexpected(program.error());
  return start(interface, *program);
}

Result<DhcpClient> DhcpClient::start(std::string_view interface, const DhcpProgram& program) {
  if (!interface_state(interface).exists)
    return fail("cannot ask for an address on {}: there is no such interface", interface);
  auto folder = TemporaryFolder::create("lanparty-dhcp-");
  if (!folder) return std::unexpected(folder.error());
  auto command = dhcp_command(program, interface, *folder);
  if (!command) return std::unexpected(command.error());
  auto process = ChildProcess::start(*command);
  if (!process) return std::unexpected(process.error());
  return DhcpClient(std::string(interface), std::move(*folder), std::move(*command), std::move(*process));
}

Result<void> DhcpClient::restart() {
  process_.stop();
  auto process = ChildProcess::start(command_);
  if (!process) return std::unexpected(process.error());
  process_ = std::move(*process);
  return {};
}

std::optional<std::string> DhcpClient::address() const { return ipv4_address(interface_); }

}  // namespace softlan::platform
