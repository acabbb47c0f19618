#include "relay/bindings.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using proto::Mac;
using proto::test::ip;
using proto::test::test_mac;
using std::chrono::minutes;
using std::chrono::seconds;

const Mac kClient = test_mac(1);
const Mac kOther = test_mac(2);
const Mac kHost = test_mac(50);
const IpAddress kIp = ip("192.0.2.1");

// 10.x.y.z
IpAddress numbered(std::uint32_t number) {
  IpAddress address{IpAddress::Family::v4, {}};
  store_be32(address.bytes.data(), 0x0a00'0000 + number);
  return address;
}

class BindingsTest : public testing::Test {
 protected:
  bool claim(const Mac& client, const IpAddress& address = kIp) { return bindings_.claim(now_, address, client); }
  // Nobody's: no MAC.
  Mac owner(const IpAddress& address = kIp) const {
    const auto found = bindings_.owner(now_, address);
    return found ? found->mac : Mac{};
  }

  TimePoint now_{};
  Bindings bindings_;
};

TEST_F(BindingsTest, KnowNobodyAtFirst) { EXPECT_FALSE(bindings_.owner(now_, kIp)); }

TEST_F(BindingsTest, GiveAnAddressToTheClientThatComesFirst) {
  EXPECT_TRUE(claim(kClient));
  EXPECT_TRUE(claim(kClient));
  EXPECT_FALSE(claim(kOther));
  EXPECT_EQ(owner(), kClient);
}

TEST_F(BindingsTest, KeepTheTwoIpVersionsApart) {
  IpAddress alike{IpAddress::Family::v6, kIp.bytes};
  EXPECT_TRUE(claim(kClient));
  EXPECT_TRUE(claim(kOther, alike));
}

TEST_F(BindingsTest, LetGoOfAnAddressThatNobodyUses) {
  EXPECT_TRUE(claim(kClient));
  now_ += minutes(9);
  EXPECT_TRUE(claim(kClient));
  now_ += minutes(9);
  EXPECT_FALSE(claim(kOther));
  now_ += minutes(1);
  EXPECT_FALSE(bindings_.owner(now_, kIp));
  EXPECT_TRUE(claim(kOther));
  EXPECT_FALSE(claim(kClient));
}

TEST_F(BindingsTest, BelieveTheLanWhoeverCameFirst) {
  EXPECT_TRUE(claim(kClient));
  bindings_.see_on_lan(now_, kIp, kHost);
  EXPECT_FALSE(claim(kClient));
  bindings_.see_on_lan(now_, kIp, test_mac(51));  // it moved there
  EXPECT_EQ(owner(), test_mac(51));
}

TEST_F(BindingsTest, BelieveTheLansDhcpServer) {
  EXPECT_TRUE(claim(kOther));
  bindings_.lease(now_, kIp, kClient);
  EXPECT_FALSE(claim(kOther));
  EXPECT_TRUE(claim(kClient));
  bindings_.see_on_lan(now_, kIp, kHost);
  bindings_.lease(now_, kIp, kClient);
  EXPECT_EQ(owner(), kClient);
}

TEST_F(BindingsTest, KeepALanHostsAddressWhileItSends) {
  bindings_.see_on_lan(now_, kIp, kHost);
  now_ += minutes(9);
  bindings_.refresh(now_, kIp, kHost);
  now_ += minutes(9);
  EXPECT_EQ(owner(), kHost);
}

TEST_F(BindingsTest, LearnNothingFromPacketsThatARouterPassesOn) {
  EXPECT_TRUE(claim(kClient));
  bindings_.refresh(now_, kIp, kHost);
  EXPECT_EQ(owner(), kClient);
  bindings_.refresh(now_, numbered(1), kHost);
  EXPECT_FALSE(bindings_.owner(now_, numbered(1)));
}

TEST_F(BindingsTest, ForgetAClientThatLeft) {
  EXPECT_TRUE(claim(kClient));
  EXPECT_TRUE(claim(kClient, numbered(1)));
  EXPECT_TRUE(claim(kOther, numbered(2)));
  bindings_.forget(kClient);
  EXPECT_TRUE(claim(kOther));
  EXPECT_TRUE(claim(kOther, numbered(1)));
  EXPECT_FALSE(claim(kClient, numbered(2)));
}

TEST_F(BindingsTest, ForgetTheLanAlone) {
  bindings_.see_on_lan(now_, kIp, kHost);
  EXPECT_TRUE(claim(kOther, numbered(2)));
  bindings_.forget_lan();
  EXPECT_FALSE(bindings_.owner(now_, kIp));
  EXPECT_EQ(owner(numbered(2)), kOther);
}

TEST_F(BindingsTest, AllowAClientSoManyAddressesAtOnce) {
  for (std::uint32_t i = 0; i < Bindings::kMaxIpv4; ++i) EXPECT_TRUE(claim(kClient, numbered(i)));
  EXPECT_FALSE(claim(kClient, numbered(100)));
  EXPECT_TRUE(claim(kClient, numbered(0)));
  EXPECT_TRUE(claim(kClient, ip("fe80::1")));
  EXPECT_TRUE(claim(kOther, numbered(100)));
}

TEST_F(BindingsTest, LetAClientChangeItsAddressEveryMinute) {
  for (std::uint32_t i = 0; i < 1000; ++i, now_ += minutes(1)) ASSERT_TRUE(claim(kClient, numbered(i))) << i;
  EXPECT_TRUE(claim(kOther, numbered(0)));
}

TEST_F(BindingsTest, GiveUpTheAddressThatWasUsedLongestAgo) {
  for (std::uint32_t i = 0; i < Bindings::kMaxIpv4; ++i, now_ += seconds(4)) EXPECT_TRUE(claim(kClient, numbered(i)));
  EXPECT_TRUE(claim(kClient, numbered(100)));
  EXPECT_TRUE(claim(kOther, numbered(0)));
  EXPECT_FALSE(claim(kOther, numbered(1)));
}

TEST_F(BindingsTest, AlwaysHaveAPlaceForALease) {
  for (std::uint32_t i = 0; i < Bindings::kMaxIpv4; ++i) EXPECT_TRUE(claim(kClient, numbered(i)));
  bindings_.lease(now_, kIp, kClient);
  EXPECT_TRUE(claim(kClient));
}

TEST_F(BindingsTest, KeepWhatClientsHaveWhenTheLanFloodsThem) {
  EXPECT_TRUE(claim(kClient));
  for (std::uint32_t i = 0; i < 100'000; ++i) bindings_.see_on_lan(now_, numbered(i), kHost);
  EXPECT_FALSE(claim(kOther));
  EXPECT_EQ(owner(numbered(99'999)), kHost);
}

TEST_F(BindingsTest, NeverMakeALanHostGiveWayToAClient) {
  for (std::uint32_t i = 0; i < Bindings::kCapacity; ++i) bindings_.see_on_lan(now_, numbered(i), kHost);
  EXPECT_TRUE(claim(kClient));  // nothing speaks against it, but there is no place for it
  EXPECT_FALSE(bindings_.owner(now_, kIp));
  for (std::uint32_t i = 0; i < Bindings::kCapacity; ++i) ASSERT_EQ(owner(numbered(i)), kHost);
}

// Against the plainest model, while the table is not full: who has which address.
TEST_F(BindingsTest, AgreeWithAPlainModel) {
  SeededRandom random(3);
  std::array<Mac, 40> model{};
  for (int i = 0; i < 50'000; ++i) {
    const auto number = static_cast<std::uint32_t>(random.below(model.size()));
    const auto who = static_cast<std::uint8_t>(1 + random.below(5));
    Mac& has = model[number];
    switch (random.below(8)) {
      case 0:
        bindings_.see_on_lan(now_, numbered(number), test_mac(static_cast<std::uint8_t>(50 + who)));
        has = test_mac(static_cast<std::uint8_t>(50 + who));
        break;
      case 1:
        bindings_.forget(test_mac(who));
        std::ranges::replace(model, test_mac(who), Mac{});
        break;
      default:
        if (std::ranges::count(model, test_mac(who)) == Bindings::kMaxIpv4) break;
        ASSERT_EQ(claim(test_mac(who), numbered(number)), has == Mac{} || has == test_mac(who));
        if (has == Mac{}) has = test_mac(who);
    }
    ASSERT_EQ(owner(numbered(number)), has);
  }
}

}  // namespace
}  // namespace softlan::relay
