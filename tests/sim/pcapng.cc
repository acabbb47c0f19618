#include "sim/pcapng.h"

namespace softlan::sim {

namespace {

using Body = std::vector<std::uint8_t>;

// The byte order is the writer's choice: least significant first.
void put(Body& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void pad(Body& to) {
  while (to.size() % 4 != 0) to.push_back(0);
}

void put_option(Body& to, std::uint16_t code, Bytes value) {
  put(to, code, 2);
  put(to, value.size(), 2);
  to.insert(to.end(), value.begin(), value.end());
  pad(to);
}

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint16_t kOptionName = 2;
constexpr std::uint16_t kOptionTimeResolution = 9;

}  // namespace

PcapngWriter::PcapngWriter() {
  Body body;
  put(body, 0x1a2b3c4d, 4);  // byte-order magic
  put(body, 1, 2);           // version 1.0
  put(body, 0, 2);
  put(body, UINT64_MAX, 8);  // section length not given
  block(kSectionHeader, body);
}

void PcapngWriter::block(std::uint32_t type, Bytes body) {
  const std::uint64_t size = 12 + body.size();
  put(file_, type, 4);
  put(file_, size, 4);
  file_.insert(file_.end(), body.begin(), body.end());
  put(file_, size, 4);
}

void PcapngWriter::add_interface(std::uint16_t link_type, std::string_view name) {
  Body body;
  put(body, link_type, 2);
  put(body, 0, 2);
  put(body, 0, 4);  // no snap length
  put_option(body, kOptionName, {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
  const std::uint8_t nanoseconds = 9;
  put_option(body, kOptionTimeResolution, {&nanoseconds, 1});
  put(body, 0, 4);  // end of options
  block(kInterfaceDescription, body);
}

void PcapngWriter::add_packet(std::uint32_t interface, TimePoint when, Bytes packet) {
  const auto time = static_cast<std::uint64_t>(when.time_since_epoch().count());
  Body body;
  put(body, interface, 4);
  put(body, time >> 32, 4);
  put(body, time & 0xffffffff, 4);
  put(body, packet.size(), 4);
  put(body, packet.size(), 4);
  body.insert(body.end(), packet.begin(), packet.end());
  pad(body);
  block(kEnhancedPacket, body);
}

}  // namespace softlan::sim
