#include "base/prefix.h"

#include <gtest/gtest.h>

namespace softlan {
namespace {

Prefix prefix(std::string_view text) { return parse_prefix(text).value(); }
IpAddress ip(std::string_view text) { return parse_ip(text).value(); }

TEST(Prefix, IsReadAsItIsWritten) {
  for (const char* text : {"0.0.0.0/0", "192.168.1.0/24", "203.0.113.5/32", "::/0", "2001:db8::/32", "2001:db8::1/128"})
    EXPECT_EQ(to_string(prefix(text)), text);
}

TEST(Prefix, NeedsAnAddressAndALengthThatFitsIt) {
  for (const char* text :
       {"", "/", "192.168.1.0", "192.168.1.0/", "192.168.1.0/33", "192.168.1.0/-1", "::/129", "::/1x"})
    EXPECT_FALSE(parse_prefix(text)) << text;
}

TEST(Prefix, OfAnAddressHasNothingBeyondItsLength) {
  EXPECT_EQ(to_string(network_of(ip("192.168.77.131"), 25)), "192.168.77.128/25");
  EXPECT_EQ(to_string(network_of(ip("192.168.77.131"), 0)), "0.0.0.0/0");
  EXPECT_EQ(to_string(network_of(ip("2001:db8:ffff::1"), 33)), "2001:db8:8000::/33");
  EXPECT_EQ(to_string(network_of(ip("192.168.77.131"), 99)), "192.168.77.131/32");
}

TEST(Prefix, ContainsAddressesOfItsOwnFamily) {
  EXPECT_TRUE(contains(prefix("192.168.1.0/24"), ip("192.168.1.255")));
  EXPECT_FALSE(contains(prefix("192.168.1.0/24"), ip("192.168.2.0")));
  EXPECT_TRUE(contains(prefix("::/0"), ip("2001:db8::1")));
  EXPECT_FALSE(contains(prefix("0.0.0.0/0"), ip("2001:db8::1")));
}

TEST(Prefix, OverlapsWithWhatIsInsideOrAroundIt) {
  EXPECT_TRUE(overlap(prefix("192.168.0.0/16"), prefix("192.168.1.0/24")));
  EXPECT_TRUE(overlap(prefix("192.168.1.0/24"), prefix("192.168.0.0/16")));
  EXPECT_FALSE(overlap(prefix("192.168.1.0/24"), prefix("192.168.2.0/24")));
}

}  // namespace
}  // namespace softlan
