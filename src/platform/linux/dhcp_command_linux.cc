#include "platform/linux/dhcp_command.h"

#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "platform/files.h"

namespace softlan::platform {

namespace {

using Command = std::vector<std::string>;

// udhcpc names the event in $1, dhclient in $reason.
constexpr std::string_view kScript = R"sh(#!/bin/sh
# Sets and removes the IPv4 address of $interface. Routes and name servers stay as they are.

keep_only() {
  ip -4 -o address show dev "$interface" | while read -r _ _ _ address _; do
    [ "$address" = "$1" ] || ip address del "$address" dev "$interface"
  done
  [ -z "$1" ] || ip address replace "$1" broadcast + dev "$interface"
}

prefix_of() {
  bits=0
  for octet in $(echo "$1" | tr . ' '); do
    while [ "$octet" -gt 0 ]; do
      bits=$((bits + octet % 2))
      octet=$((octet / 2))
    done
  done
  echo "$bits"
}

case "${1:-$reason}" in
  bound | renew) keep_only "$ip/${mask:-24}" ;;
  BOUND | RENEW | REBIND | REBOOT) keep_only "$new_ip_address/$(prefix_of "${new_subnet_mask:-255.255.255.0}")" ;;
  deconfig | EXPIRE | FAIL | RELEASE | STOP) keep_only "" ;;
  TIMEOUT) exit 1 ;;
esac
exit 0
)sh";

constexpr std::string_view kDhclientSettings = R"(request subnet-mask, broadcast-address;
initial-interval 1;
backoff-cutoff 4;
retry 5;
)";

constexpr std::string_view kDhcpcdSettings = R"(ipv4only
noipv4ll
noarp
nodelay
nogateway
script /bin/true
)";

std::optional<std::string> find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  const std::string folders = fmt::format("{}:/usr/local/sbin:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
  for (std::size_t begin = 0; begin < folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    const std::string candidate = fmt::format("{}/{}", folders.substr(begin, end - begin), name);
    if (candidate.starts_with('/') && access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return std::nullopt;
}

// Debian's AppArmor profile lets dhclient run the system's script only, which sets routes and name servers.
bool dhclient_is_confined() {
  const auto profiles = read_file("/sys/kernel/security/apparmor/profiles", 1024 * 1024);
  return profiles && profiles->find("sbin/dhclient (enforce)") != std::string::npos;
}

Result<Command> udhcpc_command(const std::string& path, std::string_view interface, const TemporaryFolder& folder) {
  const auto script = folder.add_file("address", kScript, true);
  if (!script) return std::unexpected(script.error());
  return Command{path, "-f", "-i", std::string(interface), "-s", *script, "-o", "-O", "subnet", "-T", "2", "-A", "3"};
}

Result<Command> dhclient_command(const std::string& path, std::string_view interface, const TemporaryFolder& folder) {
  const auto script = folder.add_file("address", kScript, true);
  if (!script) return std::unexpected(script.error());
  const auto settings = folder.add_file("dhclient.conf", kDhclientSettings, false);
  if (!settings) return std::unexpected(settings.error());
  const std::string leases = folder.path() + "/dhclient.leases";
  const std::string pid = folder.path() + "/dhclient.pid";
  return Command{path, "-4", "-d", "-cf", *settings, "-lf", leases, "-pf", pid, "-sf", *script, std::string(interface)};
}

Result<Command> dhcpcd_command(const std::string& path, std::string_view interface, const TemporaryFolder& folder) {
  const auto settings = folder.add_file("dhcpcd.conf", kDhcpcdSettings, false);
  if (!settings) return std::unexpected(settings.error());
  return Command{path, "-4", "-B", "-f", *settings, std::string(interface)};
}

}  // namespace

std::optional<DhcpProgram> find_dhcp_program(DhcpProgram::Kind kind) {
  static constexpr std::string_view kNames[] = {"udhcpc", "dhclient", "dhcpcd"};
  auto path = find_program(kNames[static_cast<std::size_t>(kind)]);
  if (!path) return std::nullopt;
  return DhcpProgram{.kind = kind, .path = std::move(*path)};
}

Result<DhcpProgram> choose_dhcp_program() {
  if (auto udhcpc = find_dhcp_program(DhcpProgram::Kind::udhcpc)) return *udhcpc;
  const auto dhclient = find_dhcp_program(DhcpProgram::Kind::dhclient);
  const bool confined = dhclient && dhclient_is_confined();
  if (dhclient && !confined) return *dhclient;
  if (auto dhcpcd = find_dhcp_program(DhcpProgram::Kind::dhcpcd)) return *dhcpcd;
  if (confined)
    return fail("the only DHCP client here is dhclient, which AppArmor does not let run our script; install udhcpc");
  return fail("this machine has no DHCP client; install one of the packages udhcpc, isc-dhcp-client or dhcpcd");
}

Result<Command> dhcp_command(const DhcpProgram& program, std::string_view interface, const TemporaryFolder& folder) {
  switch (program.kind) {
    case DhcpProgram::Kind::udhcpc:
      return udhcpc_command(program.path, interface, folder);
    case DhcpProgram::Kind::dhclient:
      return dhclient_command(program.path, interface, folder);
    case DhcpProgram::Kind::dhcpcd:
      break;
  }
  return dhcpcd_command(program.path, interface, folder);
}

}  // namespace softlan::platform
