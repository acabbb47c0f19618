// A capture file in pcapng form (draft-ietf-opsawg-pcapng), as Wireshark reads it.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace softlan::sim {

class PcapngWriter {
 public:
  // Link types of the registry at https://www.tcpdump.org/linktypes.html
  static constexpr std::uint16_t kEthernet = 1;
  static constexpr std::uint16_t kRawIp = 101;

  PcapngWriter();
  // Interfaces are numbered from 0, in this order.
  void add_interface(std::uint16_t link_type, std::string_view name);
  void add_packet(std::uint32_t interface, TimePoint when, Bytes packet);
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(file_); }

 private:
  void block(std::uint32_t type, Bytes body);
  std::vector<std::uint8_t> file_;
};

}  // namespace softlan::sim
