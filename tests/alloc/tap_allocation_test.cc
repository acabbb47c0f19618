// Heap allocations in the TAP, for frames alone and for super-frames.
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "alloc/allocations.h"
#include "platform/linux/tap.h"
#include "platform/linux/test_network.h"
#include "proto/test_frames.h"

namespace softlan::test {
namespace {

using proto::test::ipv6_tcp;
using proto::test::pattern;
using proto::test::test_mac;

constexpr std::uint32_t kSegments = 40;
constexpr std::uint32_t kSegmentSize = 1300;
constexpr proto::Mac kMac{{0x02, 0, 0, 0, 0, 0x77}};

TEST(TapAllocation, WritesAndReadsCostNone) {
  if (access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/net/tun for this user";
  platform::test::in_new_network([] {
    auto tap = platform::Tap::create("player0", kMac, 1500);
    ASSERT_TRUE(tap) << tap.error().message;
    ASSERT_TRUE(tap->set_carrier(true));
    FramePool pool(4096);
    std::vector<FrameRef> segments;
    for (std::uint32_t number = 0; number < kSegments; ++number) {
      segments.push_back(pool.copy(
          ipv6_tcp(kMac, test_mac(1), {.sequence = number * kSegmentSize, .payload = pattern(kSegmentSize)})));
    }
    std::vector<FrameRef> read;
    read.reserve(4096);
    const auto turn = [&] {
      const std::size_t refused = tap->write(segments);
      (void)tap->read(pool, read, 512);
      read.clear();
      return refused;
    };
    (void)turn();  // warm

    const Allocations before = allocations();
    std::size_t refused = 0;
    for (int i = 0; i < 50; ++i) refused += turn();
    const Allocations seen = allocations() - before;

    EXPECT_EQ(refused, 0U);
    EXPECT_EQ(seen.ours + seen.libraries, 0U);
  });
}

}  // namespace
}  // namespace softlan::test
