#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "platform/linux/neighbours.h"
#include "platform/linux/netlink_request.h"

namespace softlan::platform {

namespace {

constexpr std::uint16_t kHasAnswered = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;

void add(std::vector<IpAddress>& list, const nlattr* attribute) {
  IpAddress ip{IpAddress::Family::v4, {}};
  if (!attribute || mnl_attr_get_payload_len(attribute) != 4) return;
  std::memcpy(ip.bytes.data(), mnl_attr_get_payload(attribute), 4);
  if (std::ranges::find(list, ip) == list.end()) list.push_back(ip);
}

void add_routers(int index, std::vector<IpAddress>& list) {
  NetlinkRequest request(RTM_GETROUTE, true);
  request.body<rtmsg>()->rtm_family = AF_INET;
  (void)request.ask([&](const nlmsghdr* answer) {
    const NetlinkAttributes<RTA_MAX> attributes(answer, sizeof(rtmsg));
    if (attributes.number_or(RTA_OIF, 0) == static_cast<std::uint32_t>(index)) add(list, attributes[RTA_GATEWAY]);
  });
}

void add_neighbours(int index, std::vector<IpAddress>& list) {
  NetlinkRequest request(RTM_GETNEIGH, true);
  request.body<ndmsg>()->ndm_family = AF_INET;
  (void)request.ask([&](const nlmsghdr* answer) {
    const auto* neighbour = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(answer));
    const NetlinkAttributes<NDA_MAX> attributes(answer, sizeof(ndmsg));
    if (neighbour->ndm_ifindex == index && (neighbour->ndm_state & kHasAnswered) != 0) add(list, attributes[NDA_DST]);
  });
}

}  // namespace

std::vector<IpAddress> known_hosts(int index) {
  std::vector<IpAddress> list;
  add_routers(index, list);
  add_neighbours(index, list);
  return list;
}

std::vector<IpAddress> own_addresses(int index) {
  NetlinkRequest request(RTM_GETADDR, true);
  request.body<ifaddrmsg>()->ifa_family = AF_INET;
  std::vector<IpAddress> list;
  (void)request.ask([&](const nlmsghdr* answer) {
    const auto* address = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(answer));
    const NetlinkAttributes<IFA_MAX> attributes(answer, sizeof(ifaddrmsg));
    if (address->ifa_index == static_cast<std::uint32_t>(index)) add(list, attributes[IFA_LOCAL]);
  });
  return list;
}

}  // namespace softlan::platform
