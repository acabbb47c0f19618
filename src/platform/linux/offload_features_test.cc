#include "platform/linux/offload_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/linux/test_network.h"

namespace softlan::platform {
namespace {

using test::sh;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(LosesUdpSuperFrames, UpToLinux61) {
  for (const char* release : {"5.10.0", "6.0.19", "6.1.0-18-amd64"}) EXPECT_TRUE(loses_udp_super_frames(release));
  for (const char* release : {"6.2.0", "6.12.41+deb13-amd64", "6.18", "7.0.1", "10.1"})
    EXPECT_FALSE(loses_udp_super_frames(release)) << release;
}

TEST(LosesUdpSuperFrames, NotWhenTheReleaseMakesNoSense) {
  for (const char* release : {"", "6", "6.", "linux", "six.one"}) EXPECT_FALSE(loses_udp_super_frames(release));
  EXPECT_FALSE(kernel_release().empty());
}

TEST(UdpOffloads, AreSwitchedOffAndOnAgain) {
  test::in_new_network([] {
    sh("ip link add lan type veth peer name far");
    const auto before = active_udp_offloads("lan");
    ASSERT_THAT(before, Contains("tx-udp-segmentation"));
    const auto off = switch_offloads("lan", before, false);
    ASSERT_TRUE(off) << off.error().message;
    EXPECT_THAT(active_udp_offloads("lan"), IsEmpty());
    const auto on = switch_offloads("lan", before, true);
    ASSERT_TRUE(on) << on.error().message;
    EXPECT_EQ(active_udp_offloads("lan"), before);
  });
}

TEST(UdpOffloads, AnInterfaceThatIsNotThereHasNoneAndCannotBeSwitched) {
  test::in_new_network([] {
    EXPECT_THAT(active_udp_offloads("eth9"), IsEmpty());
    EXPECT_THAT(active_udp_offloads("much_too_long_a_name"), IsEmpty());
    const std::vector<std::string> names = {"rx-gro-list"};
    EXPECT_FALSE(switch_offloads("eth9", names, true));
    EXPECT_FALSE(switch_offloads("much_too_long_a_name", names, true));
  });
}

TEST(UdpOffloads, ANameTheInterfaceDoesNotKnowIsLeftOut) {
  test::in_new_network([] {
    sh("ip link add lan type veth peer name far");
    const std::vector<std::string> names = {"rx-no-such-thing", "tx-udp-segmentation"};
    EXPECT_TRUE(switch_offloads("lan", names, false));
    EXPECT_THAT(active_udp_offloads("lan"), Not(Contains("tx-udp-segmentation")));
  });
}

}  // namespace
}  // namespace softlan::platform
