#include "platform/linux/netlink.h"

#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "platform/linux/netlink_request.h"
#include "platform/linux/socket_name.h"
#include "platform/linux/system_error.h"
#include "platform/routes.h"

namespace softlan::platform {

namespace {

// One route of a table or the kernel's answer to "how do I get to".
struct Candidate {
  int interface = 0;
  unsigned prefix = 0;
  std::uint32_t metric = 0;
  IpAddress source = {};
  std::optional<IpAddress> gateway = {};
};

unsigned char system_family(const IpAddress& ip) { return ip.family == IpAddress::Family::v4 ? AF_INET : AF_INET6; }
std::size_t size_of(const IpAddress& ip) { return ip.family == IpAddress::Family::v4 ? 4 : 16; }

IpAddress load_ip(unsigned char family, const void* bytes, std::size_t size) {
  IpAddress ip;
  if (family == AF_INET && size >= 4) ip.family = IpAddress::Family::v4;
  if (family == AF_INET6 && size >= 16) ip.family = IpAddress::Family::v6;
  if (ip.family != IpAddress::Family::none) std::memcpy(ip.bytes.data(), bytes, size_of(ip));
  return ip;
}

IpAddress load_ip(unsigned char family, const nlattr* attribute) {
  if (!attribute) return {};
  return load_ip(family, mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
}

using RouteAttributes = NetlinkAttributes<RTA_MAX>;

std::optional<IpAddress> load_gateway(unsigned char family, const RouteAttributes& attributes) {
  if (attributes[RTA_GATEWAY]) return load_ip(family, attributes[RTA_GATEWAY]);
  const nlattr* via = attributes[RTA_VIA];  // an IPv4 route over an IPv6 neighbour
  if (!via || mnl_attr_get_payload_len(via) < sizeof(rtvia)) return std::nullopt;
  const auto* next = static_cast<const rtvia*>(mnl_attr_get_payload(via));
  return load_ip(static_cast<unsigned char>(next->rtvia_family), next->rtvia_addr,
                 mnl_attr_get_payload_len(via) - sizeof(rtvia));
}

// The first usable next hop of a multipath route that does not leave through `ignore`; 0 when there is none.
int next_hop_interface(const nlattr* multipath, int ignore) {
  const auto* hop = static_cast<const rtnexthop*>(mnl_attr_get_payload(multipath));
  std::size_t left = mnl_attr_get_payload_len(multipath);
  while (left >= sizeof(rtnexthop) && hop->rtnh_len >= sizeof(rtnexthop) && hop->rtnh_len <= left) {
    if (hop->rtnh_ifindex != ignore && (hop->rtnh_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) == 0)
      return hop->rtnh_ifindex;
    left -= std::min<std::size_t>(left, RTNH_ALIGN(hop->rtnh_len));
    hop = RTNH_NEXT(hop);
  }
  return 0;
}

bool covers(const IpAddress& network, unsigned prefix, const IpAddress& destination) {
  const unsigned whole = prefix / 8;
  const unsigned rest = prefix % 8;
  if (prefix > size_of(destination) * 8) return false;
  if (std::memcmp(network.bytes.data(), destination.bytes.data(), whole) != 0) return false;
  return rest == 0 || (network.bytes[whole] ^ destination.bytes[whole]) >> (8 - rest) == 0;
}

// Asks the kernel which way it would take, through `interface` if that is not 0.
std::optional<Candidate> look_up(const IpAddress& destination, int interface) {
  NetlinkRequest request(RTM_GETROUTE, false);
  auto* body = request.body<rtmsg>();
  body->rtm_family = system_family(destination);
  body->rtm_dst_len = static_cast<unsigned char>(size_of(destination) * 8);
  mnl_attr_put(request.header(), RTA_DST, size_of(destination), destination.bytes.data());
  if (interface != 0) mnl_attr_put_u32(request.header(), RTA_OIF, static_cast<std::uint32_t>(interface));
  std::optional<Candidate> found;
  const int error = request.ask([&](const nlmsghdr* answer) {
    const auto* route = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(answer));
    if (route->rtm_type != RTN_UNICAST && route->rtm_type != RTN_LOCAL) return;
    const RouteAttributes attributes(answer, sizeof(rtmsg));
    found = Candidate{.interface = static_cast<int>(attributes.number_or(RTA_OIF, 0)),
                      .source = load_ip(route->rtm_family, attributes[RTA_PREFSRC]),
                      .gateway = load_gateway(route->rtm_family, attributes)};
  });
  return error == 0 ? found : std::nullopt;
}

// An entry of the main table as a candidate for `destination`, if it is one and avoids `ignore`.
std::optional<Candidate> read_entry(const nlmsghdr* answer, const IpAddress& destination, int ignore) {
  const auto* route = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(answer));
  const RouteAttributes attributes(answer, sizeof(rtmsg));
  const bool usable = route->rtm_family == system_family(destination) && route->rtm_type == RTN_UNICAST &&
                      attributes.number_or(RTA_TABLE, route->rtm_table) == RT_TABLE_MAIN &&
                      (route->rtm_flags & (RTM_F_CLONED | RTNH_F_DEAD | RTNH_F_LINKDOWN)) == 0;
  if (!usable || !covers(load_ip(route->rtm_family, attributes[RTA_DST]), route->rtm_dst_len, destination))
    return std::nullopt;
  const int interface = attributes[RTA_MULTIPATH] ? next_hop_interface(attributes[RTA_MULTIPATH], ignore)
                                                  : static_cast<int>(attributes.number_or(RTA_OIF, 0));
  if (interface == 0 || interface == ignore) return std::nullopt;
  return Candidate{
      .interface = interface, .prefix = route->rtm_dst_len, .metric = attributes.number_or(RTA_PRIORITY, 0)};
}

// The interface of the best entry that avoids `ignore`; 0 when there is none.
int best_other_interface(const IpAddress& destination, int ignore) {
  NetlinkRequest request(RTM_GETROUTE, true);
  request.body<rtmsg>()->rtm_family = system_family(destination);
  std::optional<Candidate> best;
  const int error = request.ask([&](const nlmsghdr* answer) {
    const auto entry = read_entry(answer, destination, ignore);
    if (!entry) return;
    const bool better =
        !best || entry->prefix > best->prefix || (entry->prefix == best->prefix && entry->metric < best->metric);
    if (better) best = entry;
  });
  return error == 0 && best ? best->interface : 0;
}

}  // namespace

Result<Route> best_route(const IpAddress& destination, int ignore_interface) {
  if (destination.family == IpAddress::Family::none) return fail("there is no route to an empty address");
  auto found = look_up(destination, 0);
  if (found && ignore_interface != 0 && found->interface == ignore_interface) {
    const int other = best_other_interface(destination, ignore_interface);
    found = other != 0 ? look_up(destination, other) : std::nullopt;
  }
  char name[IF_NAMESIZE] = "";
  if (!found || !if_indextoname(static_cast<unsigned>(found->interface), name))
    return fail("there is no route to {}: is this machine online?", to_string(destination));
  return Route{.interface_name = name, .index = found->interface, .source = found->source, .gateway = found->gateway};
}

Result<RouteMonitor> RouteMonitor::open() {
  FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl name{};
  name.nl_family = AF_NETLINK;
  name.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0)
    return fail("cannot watch for network changes: {}", system_reason());
  return RouteMonitor(std::move(socket));
}

bool RouteMonitor::drain() {
  bool changed = false;
  char first_bytes[64];  // a message longer than this is cut, which is enough to know of it
  while (true) {
    const ssize_t size = recv(socket_.get(), first_bytes, sizeof(first_bytes), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno != ENOBUFS) return changed;
    changed = true;  // ENOBUFS: the kernel had more to say than the socket holds
  }
}

}  // namespace softlan::platform
