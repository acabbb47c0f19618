#include "sim/sim.h"

#include "proto/checksum.h"

namespace softlan::sim {

std::vector<std::uint8_t> with_headers(const UdpPacket& packet) {
  std::vector<std::uint8_t> out(kIpAndUdpHeaders);
  out[0] = 0x45;
  out[1] = packet.ecn;
  store_be16(&out[2], static_cast<std::uint16_t>(kIpAndUdpHeaders + packet.data.size()));
  out[6] = 0x40;  // do not fragment
  out[8] = 64;
  out[9] = 17;
  std::copy_n(packet.from.ip.bytes.begin(), 4, &out[12]);
  std::copy_n(packet.to.ip.bytes.begin(), 4, &out[16]);
  store_be16(&out[10], proto::checksum_fold(proto::checksum_add(0, Bytes(out).first(20))));
  store_be16(&out[20], packet.from.port);
  store_be16(&out[22], packet.to.port);
  store_be16(&out[24], static_cast<std::uint16_t>(8 + packet.data.size()));  // its checksum is left out (RFC 768)
  out.insert(out.end(), packet.data.begin(), packet.data.end());
  return out;
}

}  // namespace softlan::sim
