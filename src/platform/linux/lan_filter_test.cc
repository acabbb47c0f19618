#include "platform/linux/lan_filter.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <ranges>
#include <vector>

#include "base/random.h"
#include "platform/linux/file_descriptor.h"
#include "proto/test_frames.h"

namespace softlan::platform {
namespace {

using proto::Mac;
using proto::test::Frame;
using proto::test::test_mac;

// The kernel runs a program over whatever a socket of any kind receives.
class Kernel {
 public:
  Kernel() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    from_ = FileDescriptor(ends[0]);
    to_ = FileDescriptor(ends[1]);
  }

  [[nodiscard]] bool take(std::vector<sock_filter> program) {
    const sock_fprog call{.len = static_cast<std::uint16_t>(program.size()), .filter = program.data()};
    return setsockopt(to_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &call, sizeof(call)) == 0;
  }
  [[nodiscard]] bool passes(const Frame& frame) {
    (void)send(from_.get(), frame.data(), frame.size(), 0);
    std::array<std::uint8_t, 2000> buffer;
    return recv(to_.get(), buffer.data(), buffer.size(), 0) == static_cast<ssize_t>(frame.size());
  }
  [[nodiscard]] bool passes(const Mac& to, const Mac& from) {
    return passes(proto::test::ethernet(to, from, 0x0800, Frame(50)));
  }

 private:
  FileDescriptor from_, to_;
};

const Mac kServer = test_mac(0xf1);
const Mac kPrinter = test_mac(0xf2);
const Mac kEverybody = *proto::parse_mac("ff:ff:ff:ff:ff:ff");
const Mac kGroup = *proto::parse_mac("01:00:5e:00:00:fb");

std::vector<Mac> random_macs(std::size_t count) {
  SeededRandom random(7);
  std::vector<Mac> macs;
  while (macs.size() < count) macs.push_back(proto::generate_mac(random));
  return macs;
}

TEST(MemberFilter, WithoutMembersOnlyWhatIsForManyPasses) {
  Kernel kernel;
  ASSERT_TRUE(kernel.take(member_filter({})));
  EXPECT_TRUE(kernel.passes(kEverybody, kServer));
  EXPECT_TRUE(kernel.passes(kGroup, kServer));
  EXPECT_FALSE(kernel.passes(kPrinter, kServer));
}

TEST(MemberFilter, FramesToAndFromAnyOfManyMembersPassAndPrivateOnesDoNot) {
  for (const std::size_t count : {1U, 2U, 16U, 17U, 33U, 250U, 1000U}) {
    const std::vector<Mac> members = random_macs(count);
    Kernel kernel;
    ASSERT_TRUE(kernel.take(member_filter(members))) << count;
    for (const Mac& member : members) {
      EXPECT_TRUE(kernel.passes(member, kServer)) << count << ", to " << to_string(member);
      EXPECT_TRUE(kernel.passes(kServer, member)) << count << ", from " << to_string(member);
    }
    for (const Mac& stranger : random_macs(count + 200) | std::views::drop(count))
      EXPECT_FALSE(kernel.passes(stranger, kServer)) << count << ", to " << to_string(stranger);
  }
}

TEST(MemberFilter, MembersWithTheSameEndingDoNotConfuseIt) {
  const std::vector<Mac> members = {*proto::parse_mac("02:00:11:22:33:44"), *proto::parse_mac("06:00:11:22:33:44")};
  Kernel kernel;
  ASSERT_TRUE(kernel.take(member_filter(members)));
  EXPECT_TRUE(kernel.passes(members[0], kServer));
  EXPECT_TRUE(kernel.passes(members[1], kServer));
}

TEST(MemberFilter, IsReplacedInOneStep) {
  Kernel kernel;
  const Mac first = test_mac(1);
  const Mac second = test_mac(2);
  ASSERT_TRUE(kernel.take(member_filter({&first, 1})));
  ASSERT_TRUE(kernel.take(member_filter({&second, 1})));
  EXPECT_FALSE(kernel.passes(first, kServer));
  EXPECT_TRUE(kernel.passes(second, kServer));
}

TEST(MemberFilter, HasRoomForMoreMembersThanARoomHas) {
  EXPECT_LT(member_filter(random_macs(1500)).size(), std::size_t{BPF_MAXINSNS});
}

TEST(MemberFilter, PassesTheShortestFramesWhole) {
  Kernel kernel;
  const Mac member = test_mac(1);
  ASSERT_TRUE(kernel.take(member_filter({&member, 1})));
  EXPECT_TRUE(kernel.passes(proto::test::ethernet(member, kServer, 0x88b5, {})));
}

TEST(OpenFilter, PassesWhatIsPrivateToo) {
  Kernel kernel;
  ASSERT_TRUE(kernel.take(open_filter()));
  EXPECT_TRUE(kernel.passes(kPrinter, kServer));
  EXPECT_TRUE(kernel.passes(kEverybody, kServer));
}

}  // namespace
}  // namespace softlan::platform
