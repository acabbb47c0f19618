#include "proto/group_report.h"

#include <algorithm>
#include <array>

namespace softlan::proto {
namespace {

constexpr std::uint8_t kIgmp = 2;
constexpr std::uint8_t kIgmpQuery = 0x11;
constexpr std::array<std::uint8_t, 4> kIgmpReports = {0x12, 0x16, 0x17, 0x22};  // version 1, 2, leave, version 3
constexpr std::uint8_t kMldQuery = 130;
constexpr std::array<std::uint8_t, 3> kMldReports = {131, 132, 143};  // version 1, done, version 2

bool is_igmp(const TransportView& packet) {
  return packet.source.family == IpAddress::Family::v4 && packet.carries(kIgmp) && !packet.header.empty();
}
bool is_icmpv6(const TransportView& packet) {
  return packet.source.family == IpAddress::Family::v6 && packet.carries(protocol::icmpv6) && !packet.header.empty();
}

}  // namespace

bool is_group_report(const TransportView& packet) {
  const auto is_among = [&](const auto& types) { return std::ranges::find(types, packet.header[0]) != types.end(); };
  return (is_igmp(packet) && is_among(kIgmpReports)) || (is_icmpv6(packet) && is_among(kMldReports));
}

bool is_group_query(const TransportView& packet) {
  return (is_igmp(packet) && packet.header[0] == kIgmpQuery) || (is_icmpv6(packet) && packet.header[0] == kMldQuery);
}

}  // namespace softlan::proto
