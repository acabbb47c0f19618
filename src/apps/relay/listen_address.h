// What --listen takes.
#pragma once

#include <string_view>
#include <vector>

#include "base/address.h"

namespace softlan::apps {

// "443/udp" is every address, IPv6 and IPv4; "ADDR:PORT" and "[v6]:PORT" are that one. Empty when it is neither.
[[nodiscard]] std::vector<SocketAddress> parse_listen_address(std::string_view text);

}  // namespace softlan::apps
