#include "proto/arp.h"

#include <algorithm>

namespace softlan::proto {
namespace {

constexpr std::size_t kArpSize = 28;
constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kIeee802 = 6;  // hosts take it for Ethernet

IpAddress load_ipv4(const std::uint8_t* p) {
  IpAddress ip{IpAddress::Family::v4, {}};
  std::copy_n(p, 4, ip.bytes.begin());
  return ip;
}

}  // namespace

std::optional<ArpView> parse_arp(const FrameView& frame) {
  const Bytes packet = frame.payload;
  if (frame.ethertype != ethertype::arp || packet.size() < kArpSize) return {};
  const std::uint16_t hardware = load_be16(&packet[0]);
  if (hardware != kEthernet && hardware != kIeee802) return {};
  if (load_be16(&packet[2]) != ethertype::ipv4 || packet[4] != 6 || packet[5] != 4) return {};
  return ArpView{
      .sender_mac = Mac::load(&packet[8]), .sender = load_ipv4(&packet[14]), .target = load_ipv4(&packet[24])};
}

}  // namespace softlan::proto
