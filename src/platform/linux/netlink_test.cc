#include "platform/linux/netlink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>

#include "platform/linux/test_network.h"
#include "platform/routes.h"

namespace softlan::platform {
namespace {

using test::sh;

IpAddress ip(const char* text) { return parse_ip(text).value(); }
int index_of(const char* name) { return static_cast<int>(if_nametoindex(name)); }

// Two uplinks and a tunnel, each with its own network.
void create_uplinks() {
  sh("for name in wifi cable tunnel; do ip link add $name type veth peer name $name-far;"
     " ip link set $name-far up; ip link set $name up; done;"
     "ip address add 10.1.0.2/24 dev wifi; ip address add 10.2.0.2/24 dev cable; ip address add 10.3.0.2/24 dev tunnel;"
     "ip -6 address add fd01::2/64 dev wifi nodad; ip -6 address add fd03::2/64 dev tunnel nodad");
}

TEST(BestRoute, NamesInterfaceSourceAndGateway) {
  test::in_new_network([] {
    create_uplinks();
    sh("ip route add default via 10.1.0.1 dev wifi");
    const auto route = best_route(ip("192.0.2.1"));
    ASSERT_TRUE(route) << route.error().message;
    EXPECT_EQ(route->interface_name, "wifi");
    EXPECT_EQ(route->index, index_of("wifi"));
    EXPECT_EQ(route->source, ip("10.1.0.2"));
    EXPECT_EQ(route->gateway, ip("10.1.0.1"));
  });
}

TEST(BestRoute, ANeighbourNeedsNoGateway) {
  test::in_new_network([] {
    create_uplinks();
    const auto route = best_route(ip("10.2.0.77"));
    ASSERT_TRUE(route) << route.error().message;
    EXPECT_EQ(route->interface_name, "cable");
    EXPECT_EQ(route->gateway, std::nullopt);
  });
}

TEST(BestRoute, LeavesOutTheIgnoredInterface) {
  test::in_new_network([] {
    create_uplinks();
    sh("ip route add default via 10.3.0.1 dev tunnel metric 1; ip route add default via 10.1.0.1 dev wifi metric 600;"
       "ip route add default via 10.2.0.1 dev cable metric 100");
    EXPECT_EQ(best_route(ip("192.0.2.1"))->interface_name, "tunnel");
    const auto route = best_route(ip("192.0.2.1"), index_of("tunnel"));
    ASSERT_TRUE(route) << route.error().message;
    EXPECT_EQ(route->interface_name, "cable");
    EXPECT_EQ(route->source, ip("10.2.0.2"));
    EXPECT_EQ(route->gateway, ip("10.2.0.1"));
  });
}

TEST(BestRoute, PrefersTheLongerPrefixToTheLowerMetric) {
  test::in_new_network([] {
    create_uplinks();
    sh("ip route add 192.0.2.1 dev tunnel; ip route add 192.0.0.0/16 via 10.1.0.1 dev wifi metric 600;"
       "ip route add default via 10.2.0.1 dev cable metric 1");
    EXPECT_EQ(best_route(ip("192.0.2.1"), index_of("tunnel"))->interface_name, "wifi");
  });
}

TEST(BestRoute, ComparesPrefixesToTheBit) {
  test::in_new_network([] {
    create_uplinks();
    sh("ip route add 192.0.2.1 dev tunnel; ip route add 192.0.2.128/25 via 10.1.0.1 dev wifi;"
       "ip route add 192.0.2.0/25 via 10.2.0.1 dev cable");
    EXPECT_EQ(best_route(ip("192.0.2.1"), index_of("tunnel"))->interface_name, "cable");
  });
}

TEST(BestRoute, WorksForIpv6) {
  test::in_new_network([] {
    create_uplinks();
    sh("ip -6 route add default via fd03::1 dev tunnel metric 1; ip -6 route add default via fd01::1 dev wifi metric "
       "9");
    EXPECT_EQ(best_route(ip("2001:db8::1"))->interface_name, "tunnel");
    const auto route = best_route(ip("2001:db8::1"), index_of("tunnel"));
    ASSERT_TRUE(route) << route.error().message;
    EXPECT_EQ(route->interface_name, "wifi");
    EXPECT_EQ(route->source, ip("fd01::2"));
    EXPECT_EQ(route->gateway, ip("fd01::1"));
  });
}

TEST(BestRoute, SaysWhenThereIsNone) {
  test::in_new_network([] {
    create_uplinks();
    for (const char* destination : {"192.0.2.1", "2001:db8::1"}) {
      const auto route = best_route(ip(destination));
      ASSERT_FALSE(route);
      EXPECT_EQ(route.error().message,
                std::string("there is no route to ") + destination + ": is this machine online?");
    }
    sh("ip route add default via 10.3.0.1 dev tunnel");
    EXPECT_FALSE(best_route(ip("192.0.2.1"), index_of("tunnel")));
  });
}

TEST(RouteMonitor, HearsOfNewAddressesAndIsQuietOtherwise) {
  test::in_new_network([] {
    create_uplinks();
    sh("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
    auto monitor = RouteMonitor::open();
    ASSERT_TRUE(monitor) << monitor.error().message;
    EXPECT_FALSE(monitor->drain());
    sh("ip address add 10.9.0.1/24 dev wifi");
    EXPECT_TRUE(test::wait_readable(monitor->fd()));
    EXPECT_TRUE(monitor->drain());
    EXPECT_FALSE(monitor->drain());
  });
}

}  // namespace
}  // namespace softlan::platform
