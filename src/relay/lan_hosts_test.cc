#include "relay/lan_hosts.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using proto::Mac;
using proto::test::test_mac;
using std::chrono::seconds;

TimePoint at(int second) { return TimePoint(seconds(second)); }

Mac mac_number(std::uint32_t number) {
  Mac mac{{0x02}};
  store_be32(&mac.bytes[2], number);
  return mac;
}

TEST(LanHosts, KnowNobodyAtFirst) {
  const LanHosts hosts;
  EXPECT_FALSE(hosts.knows(at(0), test_mac(1)));
  EXPECT_FALSE(hosts.knows(at(0), Mac{}));
}

TEST(LanHosts, KnowAHostForFiveMinutesAfterItsLastFrame) {
  LanHosts hosts;
  hosts.learn(at(0), test_mac(1));
  hosts.learn(at(100), test_mac(1));
  EXPECT_TRUE(hosts.knows(at(400), test_mac(1)));
  EXPECT_FALSE(hosts.knows(at(401), test_mac(1)));
  EXPECT_FALSE(hosts.knows(at(100), test_mac(2)));
}

TEST(LanHosts, HoldALargePartyAtOnce) {
  LanHosts hosts;
  for (std::uint32_t i = 0; i < 1500; ++i) hosts.learn(at(0), mac_number(i));
  std::size_t known = 0;
  for (std::uint32_t i = 0; i < 1500; ++i) known += hosts.knows(at(1), mac_number(i)) ? 1 : 0;
  EXPECT_GE(known, 1450u);
}

TEST(LanHosts, KeepTheMostRecentWhenAFloodOfForgedSourcesComes) {
  LanHosts hosts;
  for (std::uint32_t i = 0; i < 100'000; ++i) hosts.learn(at(static_cast<int>(i / 1000)), mac_number(i));
  EXPECT_TRUE(hosts.knows(at(100), mac_number(99'999)));
  EXPECT_FALSE(hosts.knows(at(100), mac_number(0)));
}

TEST(LanHosts, AreForgottenTogether) {
  LanHosts hosts;
  hosts.learn(at(0), test_mac(1));
  hosts.clear();
  EXPECT_FALSE(hosts.knows(at(0), test_mac(1)));
}

}  // namespace
}  // namespace softlan::relay
