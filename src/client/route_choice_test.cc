#include "client/route_choice.h"

#include <gtest/gtest.h>

#include "client/test_machine.h"

namespace softlan::client {
namespace {

using test::ip;
using test::route;

constexpr InterfaceId kHome = 11;
constexpr InterfaceId kTap = 77;

RouteEntry entry(std::string_view destination, std::string_view next_hop, InterfaceId interface_id,
                 std::uint32_t metric) {
  return {.route = route(destination, next_hop, interface_id), .index = 1, .metric = metric, .source = {}};
}

InterfaceAddress address(InterfaceId interface_id, std::string_view text, std::uint8_t prefix_length) {
  return {.interface_id = interface_id, .address = ip(text), .prefix_length = prefix_length};
}

TEST(BestRoute, IsTheLongestPrefixThenTheLowestMetric) {
  const std::vector<RouteEntry> table = {entry("0.0.0.0/0", "192.168.1.1", kHome, 25),
                                         entry("0.0.0.0/0", "10.9.0.1", 12, 20),
                                         entry("203.0.113.0/24", "192.168.1.9", kHome, 500)};
  EXPECT_EQ(best_route(table, ip("198.51.100.1"), kTap, {}), table[1]);
  EXPECT_EQ(best_route(table, ip("203.0.113.5"), kTap, {}), table[2]);
  EXPECT_EQ(best_route(table, ip("2001:db8::1"), kTap, {}), std::nullopt);
}

TEST(BestRoute, LeavesOutTheTapAndOurOwnPins) {
  const std::vector<RouteEntry> table = {entry("0.0.0.0/0", "192.168.1.1", kHome, 25),
                                         entry("0.0.0.0/0", "172.16.0.1", kTap, 1),
                                         entry("203.0.113.5/32", "10.9.0.1", 12, 25)};
  const std::vector<Route> own = {table[2].route};
  EXPECT_EQ(best_route(table, ip("203.0.113.5"), kTap, own), table[0]);
}

TEST(Broadcasts, LeaveOnTheTapWhenItsMetricIsTheLowest) {
  std::vector<RouteEntry> table = {entry("255.255.255.255/32", "0.0.0.0", kHome, 281),
                                   entry("255.255.255.255/32", "0.0.0.0", kTap, 257)};
  EXPECT_FALSE(broadcasts_go_elsewhere(table, kTap));
  table[0].metric = 257;
  EXPECT_TRUE(broadcasts_go_elsewhere(table, kTap));
  table.pop_back();
  EXPECT_FALSE(broadcasts_go_elsewhere(table, kTap)) << "no carrier yet";
}

TEST(SharedNetwork, IsOneThatBothTheTapAndAnotherCardAreIn) {
  EXPECT_EQ(shared_network(std::vector{address(kHome, "192.168.1.20", 24), address(kTap, "192.168.1.131", 24)}, kTap),
            parse_prefix("192.168.1.0/24"));
  EXPECT_EQ(shared_network(std::vector{address(kHome, "10.0.0.1", 8), address(kTap, "10.20.0.7", 16)}, kTap),
            parse_prefix("10.20.0.0/16"));
  EXPECT_EQ(shared_network(std::vector{address(kHome, "192.168.1.20", 24), address(kTap, "192.168.2.20", 24)}, kTap),
            std::nullopt);
}

TEST(SharedNetwork, IsNotMadeOfAddressesWithoutNeighboursOrWithoutALease) {
  EXPECT_EQ(shared_network(std::vector{address(kHome, "169.254.1.1", 16), address(kTap, "169.254.7.7", 16)}, kTap),
            std::nullopt);
  EXPECT_EQ(shared_network(std::vector{address(kHome, "fe80::1", 64), address(kTap, "fe80::2", 64)}, kTap),
            std::nullopt);
  EXPECT_EQ(shared_network(std::vector{address(kHome, "192.168.1.20", 32), address(kTap, "192.168.1.131", 24)}, kTap),
            std::nullopt);
}

}  // namespace
}  // namespace softlan::client
