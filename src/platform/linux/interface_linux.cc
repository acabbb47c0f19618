#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "base/result.h"
#include "platform/linux/interface.h"
#include "platform/linux/netlink_request.h"
#include "platform/linux/socket_name.h"

namespace softlan::platform {

namespace {

struct FreeAddresses {
  void operator()(ifaddrs* list) const { freeifaddrs(list); }
};
using AddressList = std::unique_ptr<ifaddrs, FreeAddresses>;

AddressList list_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  return AddressList(list);
}

bool carries_ethernet(const ifaddrs& entry) {
  if (!entry.ifa_addr || entry.ifa_addr->sa_family != AF_PACKET) return false;
  sockaddr_ll link{};
  std::copy_n(reinterpret_cast<const char*>(entry.ifa_addr), sizeof(link), reinterpret_cast<char*>(&link));
  return link.sll_hatype == ARPHRD_ETHER;
}

}  // namespace

bool is_interface_name(std::string_view name) {
  const auto allowed = [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%'; };
  return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." && std::ranges::all_of(name, allowed);
}

std::vector<std::string> interface_names() {
  const AddressList list = list_addresses();
  std::vector<std::string> names;
  for (const ifaddrs* entry = list.get(); entry; entry = entry->ifa_next)
    if (carries_ethernet(*entry)) names.emplace_back(entry->ifa_name);
  std::ranges::sort(names);
  return names;
}

InterfaceState interface_state(std::string_view name) {
  if (!is_interface_name(name)) return {};
  NetlinkRequest request(RTM_GETLINK, false);
  request.body<ifinfomsg>();
  mnl_attr_put_strz(request.header(), IFLA_IFNAME, std::string(name).c_str());
  InterfaceState state;
  const int error = request.ask([&](const nlmsghdr* answer) {
    const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(answer));
    const NetlinkAttributes<IFLA_CARRIER> attributes(answer, sizeof(ifinfomsg));
    state.up = (info->ifi_flags & IFF_UP) != 0;
    // IFLA_CARRIER is the device's own word; IFF_RUNNING follows it up to a second later.
    state.carrier = state.up && attributes[IFLA_CARRIER] && mnl_attr_get_u8(attributes[IFLA_CARRIER]) != 0;
  });
  state.exists = error == 0;
  return state;
}

std::optional<std::string> ipv4_address(std::string_view interface) {
  const AddressList list = list_addresses();
  for (const ifaddrs* entry = list.get(); entry; entry = entry->ifa_next) {
    if (interface != entry->ifa_name || !entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
    const std::uint32_t mask = entry->ifa_netmask ? ipv4_number(*entry->ifa_netmask) : 0xffff'ffff;
    return fmt::format("{}/{}", to_string(from_system(*entry->ifa_addr).ip), std::popcount(mask));
  }
  return std::nullopt;
}

}  // namespace softlan::platform
