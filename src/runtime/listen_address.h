// Where a relay listens, as --listen and relay.toml have it.
#pragma once

#include <string_view>
#include <vector>

#include "base/address.h"

namespace softlan::runtime {

// "443/udp" is every address, IPv6 and IPv4; "ADDR:PORT" and "[v6]:PORT" are that one. Empty when it is neither.
[[nodiscard]] std::vector<SocketAddress> parse_listen_address(std::string_view text);

}  // namespace softlan::runtime
