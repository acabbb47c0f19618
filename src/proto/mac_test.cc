#include "proto/mac.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace softlan::proto {
namespace {

constexpr Mac kExample{{0x02, 0x00, 0x5e, 0x10, 0x00, 0xab}};

TEST(ParseMac, ReadsColonsOrDashesInEitherCase) {
  EXPECT_EQ(parse_mac("02:00:5e:10:00:ab"), kExample);
  EXPECT_EQ(parse_mac("02-00-5E-10-00-AB"), kExample);
}

TEST(ParseMac, RefusesAnythingElse) {
  for (const char* text : {"", "02005e1000ab", "02:00:5e:10:00", "02:00:5e:10:00:ab:cd", "02:00:5e:10:00:a",
                           "02:00:5e:10:00:ag", "02:00-5e:10:00:ab", "0200.5e10.00ab", " 2:00:5e:10:00:ab",
                           "-2:00:5e:10:00:ab", "02:00:5e:10:00:ab ", "02:0:05e:10:00:ab", "02 00 5e 10 00 ab"})
    EXPECT_FALSE(parse_mac(text)) << text;
}

TEST(MacToString, IsLowerCaseWithColons) {
  EXPECT_EQ(to_string(kExample), "02:00:5e:10:00:ab");
  EXPECT_EQ(to_string(Mac{}), "00:00:00:00:00:00");
}

TEST(Mac, IsTheSameLoadedStoredAndAsANumber) {
  std::uint8_t raw[6];
  kExample.store(raw);
  EXPECT_EQ(Mac::load(raw), kExample);
  EXPECT_EQ(kExample.number(), 0x0200'5e10'00abU);
}

TEST(Mac, KnowsItsKind) {
  EXPECT_TRUE(parse_mac("ff:ff:ff:ff:ff:ff")->is_broadcast());
  EXPECT_TRUE(parse_mac("ff:ff:ff:ff:ff:ff")->is_multicast());
  EXPECT_TRUE(parse_mac("01:00:5e:00:00:fb")->is_multicast());
  EXPECT_FALSE(parse_mac("01:00:5e:00:00:fb")->is_broadcast());
  EXPECT_FALSE(kExample.is_multicast());
  EXPECT_TRUE(kExample.is_locally_administered());
  EXPECT_FALSE(parse_mac("00:1b:21:00:00:01")->is_locally_administered());
  EXPECT_TRUE(Mac{}.is_zero());
}

TEST(MayOwn, AllowsUnicastThatIsNotZero) {
  EXPECT_TRUE(may_own(kExample));
  EXPECT_TRUE(may_own(*parse_mac("00:1b:21:00:00:01")));
  EXPECT_FALSE(may_own(Mac{}));
  EXPECT_FALSE(may_own(*parse_mac("01:00:5e:00:00:fb")));
  EXPECT_FALSE(may_own(*parse_mac("ff:ff:ff:ff:ff:ff")));
}

TEST(GenerateMac, IsOwnableLocallyAdministeredAndNew) {
  SeededRandom random(3);
  std::unordered_set<Mac> seen;
  for (int i = 0; i < 1000; ++i) {
    const Mac mac = generate_mac(random);
    EXPECT_TRUE(may_own(mac));
    EXPECT_TRUE(mac.is_locally_administered());
    EXPECT_TRUE(seen.insert(mac).second);
  }
}

TEST(MacHash, SpreadsNeighbours) {
  std::unordered_set<std::size_t> low_bytes;
  for (std::uint8_t i = 0; i < 64; ++i) low_bytes.insert(std::hash<Mac>{}(Mac{{0x02, 0, 0, 0, 0, i}}) & 0xff);
  EXPECT_GT(low_bytes.size(), 32U);
}

}  // namespace
}  // namespace softlan::proto
