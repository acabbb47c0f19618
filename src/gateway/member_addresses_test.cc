#include "gateway/member_addresses.h"

#include <gtest/gtest.h>

#include "proto/test_frames.h"

namespace softlan::gateway {
namespace {

using namespace proto::test;

const proto::Mac kMember = test_mac(3);
const proto::Mac kHost = test_mac(101);
const IpAddress kHostsAddress = ip("192.0.2.101");

class MemberAddressesTest : public testing::Test {
 protected:
  void send(const Frame& frame) { addresses_.learn(proto::parse_frame(frame).value()); }
  [[nodiscard]] bool is_asked_for(const Frame& frame) const {
    return addresses_.asked_for(proto::parse_packet(frame).value()).has_value();
  }
  [[nodiscard]] bool knows(const IpAddress& address) const { return is_asked_for(arp(kHost, kHostsAddress, address)); }

  MemberAddresses addresses_;
};

TEST_F(MemberAddressesTest, AreThoseThatMembersSendFrom) {
  EXPECT_FALSE(knows(ipv4_of(kMember)));
  send(arp(kMember, ip("192.0.2.9"), ip("192.0.2.101")));
  send(ipv4_udp(kHost, kMember));
  EXPECT_TRUE(knows(ip("192.0.2.9")));
  EXPECT_TRUE(knows(ipv4_of(kMember)));
  EXPECT_FALSE(knows(kHostsAddress));
}

TEST_F(MemberAddressesTest, AreAskedForByNeighbourSolicitationsToo) {
  const auto question = [](const IpAddress& target) {
    return neighbour(kHost, {.type = kNeighbourSolicitation, .target = target});
  };
  EXPECT_FALSE(is_asked_for(question(ipv6_of(kMember))));
  send(ipv6_udp(kHost, kMember));
  EXPECT_TRUE(is_asked_for(question(ipv6_of(kMember))));
  EXPECT_TRUE(is_asked_for(neighbour_probe(kHost, ipv6_of(kMember))));
  EXPECT_FALSE(is_asked_for(neighbour(kHost, {.target = ipv6_of(kMember)})));
  EXPECT_FALSE(is_asked_for(ipv6_udp(kAllNodesMac, kHost)));
}

TEST_F(MemberAddressesTest, AreNotThoseOfAHostWithoutOne) {
  send(arp_probe(kMember, ip("192.0.2.9")));
  send(dhcp_client_message(kMember));
  EXPECT_FALSE(knows(ip("0.0.0.0")));
  EXPECT_FALSE(knows(ip("192.0.2.9")));
}

TEST_F(MemberAddressesTest, AreForgottenWithTheirMember) {
  const proto::Mac other = test_mac(4);
  send(ipv4_udp(kHost, kMember));
  send(ipv4_udp(kHost, other));
  addresses_.forget(kMember);
  EXPECT_FALSE(knows(ipv4_of(kMember)));
  EXPECT_TRUE(knows(ipv4_of(other)));
  addresses_.clear();
  EXPECT_FALSE(knows(ipv4_of(other)));
}

TEST_F(MemberAddressesTest, BelongToWhoUsedThemLast) {
  const proto::Mac heir = test_mac(4);
  send(arp(kMember, ip("192.0.2.9"), kHostsAddress));
  send(arp(heir, ip("192.0.2.9"), kHostsAddress));
  addresses_.forget(kMember);
  EXPECT_TRUE(knows(ip("192.0.2.9")));
  addresses_.forget(heir);
  EXPECT_FALSE(knows(ip("192.0.2.9")));
}

TEST_F(MemberAddressesTest, AreKeptThroughAFloodOfOthersWhileInUse) {
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    IpAddress another{IpAddress::Family::v4, {}};
    store_be32(another.bytes.data(), 0x0a000000 + i);
    send(arp(test_mac(4), another, kHostsAddress));
    send(ipv4_udp(kHost, kMember));
  }
  EXPECT_TRUE(knows(ipv4_of(kMember)));
}

}  // namespace
}  // namespace softlan::gateway
