// How each DHCP client of Linux distributions is told to set an interface's address and nothing else: no default route,
// no name servers, no host name. For dhcp_client only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::platform {

// One of the DHCP clients this machine has.
struct DhcpProgram {
  enum class Kind : std::uint8_t { udhcpc, dhclient, dhcpcd };

  Kind kind = Kind::udhcpc;
  std::string path;
};

[[nodiscard]] std::optional<DhcpProgram> find_dhcp_program(DhcpProgram::Kind kind);

// The first of udhcpc, dhclient and dhcpcd that is there and may do what we want of it.
[[nodiscard]] Result<DhcpProgram> choose_dhcp_program();

// The command line that runs `program` in the foreground on `interface`. Scripts and settings go into `folder`.
[[nodiscard]] Result<std::vector<std::string>> dhcp_command(const DhcpProgram& program, std::string_view interface,
                                                            const TemporaryFolder& folder);

}  // namespace softlan::platform
