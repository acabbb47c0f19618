#include "runtime/listen_address.h"

#include <gtest/gtest.h>

namespace softlan::runtime {
namespace {

TEST(ListenAddress, TheShorthandMeansEveryAddressOfBothFamilies) {
  const auto addresses = parse_listen_address("443/udp");
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_EQ(to_string(addresses[0]), "[::]:443");
  EXPECT_EQ(to_string(addresses[1]), "0.0.0.0:443");
}

TEST(ListenAddress, OneAddressIsThatAddress) {
  ASSERT_EQ(parse_listen_address("127.0.0.1:4443").size(), 1u);
  EXPECT_EQ(to_string(parse_listen_address("[::1]:4443")[0]), "[::1]:4443");
}

TEST(ListenAddress, AnythingElseIsRefused) {
  for (const char* text : {"", "443", "443/tcp", "0/udp", "65536/udp", "x/udp", "/udp", "relay.example.org:443",
                           "::1:443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999"}) {
    EXPECT_TRUE(parse_listen_address(text).empty()) << text;
  }
}

}  // namespace
}  // namespace softlan::runtime
