#include "doctor/lan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace softlan::doctor {
namespace {

constexpr unsigned kReflectionsOfOne = 4;  // a virtual switch gives back one or two
constexpr unsigned kManyRepeats = 30;
constexpr double kManyBroadcasts = 300;  // a second

std::string list(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) texts.push_back(to_string(address));
  return fmt::format("{}", fmt::join(texts, " and "));
}

Finding judge_foreign_mac(const Lan& lan) {
  const auto passed = std::ranges::find_if(lan.asked, &Asked::foreign_heard);
  if (passed != lan.asked.end()) return {Matter::foreign_mac_passes, {to_string(passed->address)}};
  const auto blocked = std::ranges::find_if(lan.asked, &Asked::own_heard);
  if (blocked != lan.asked.end()) return {Matter::foreign_mac_blocked, {to_string(blocked->address)}};
  return {Matter::foreign_mac_unknown};
}

void judge_servers(const Lan& lan, Findings& found) {
  const auto& servers = lan.dhcp_servers;
  if (servers.empty()) found.push_back({Matter::no_dhcp_server});
  if (servers.size() == 1) found.push_back({Matter::dhcp_server, {list(servers)}});
  if (servers.size() > 1) found.push_back({Matter::dhcp_servers, {std::to_string(servers.size()), list(servers)}});
  const auto& routers = lan.ipv6_routers;
  if (routers.size() == 1) found.push_back({Matter::ipv6_router, {list(routers)}});
  if (routers.size() > 1) found.push_back({Matter::ipv6_routers, {std::to_string(routers.size()), list(routers)}});
}

void judge_conflicts(const Lan& lan, Findings& found) {
  for (const Asked& asked : lan.asked) {
    if (asked.holders.size() < 2) continue;
    found.push_back({Matter::address_conflict,
                     {to_string(asked.address), to_string(asked.holders[0]), to_string(asked.holders[1])}});
  }
}

void judge_loops(const Lan& lan, Findings& found) {
  if (lan.returned > lan.sent * kReflectionsOfOne) {
    found.push_back({Matter::loop, {std::to_string(lan.returned)}});
  } else if (lan.returned != 0) {
    found.push_back({Matter::reflection});
  }
  if (lan.most_repeats >= kManyRepeats)
    found.push_back({Matter::repeated_broadcast, {std::to_string(lan.most_repeats), to_string(lan.repeated)}});
  const double seconds = std::chrono::duration<double>(lan.listened).count();
  const double rate = seconds > 0 ? static_cast<double>(lan.broadcasts) / seconds : 0;
  if (rate >= kManyBroadcasts) found.push_back({Matter::noisy, {fmt::format("{:.0f}", rate)}});
}

}  // namespace

Findings judge(const Lan& lan) {
  Findings found{judge_foreign_mac(lan)};
  judge_servers(lan, found);
  judge_conflicts(lan, found);
  judge_loops(lan, found);
  if (lan.spanning_tree_root) found.push_back({Matter::spanning_tree, {*lan.spanning_tree_root}});
  for (const proto::Mac& gateway : lan.softlan_gateways)
    found.push_back({Matter::softlan_gateway, {to_string(gateway)}});
  return found;
}

}  // namespace softlan::doctor
