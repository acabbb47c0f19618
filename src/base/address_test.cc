#include "base/address.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace softlan {
namespace {

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {IpAddress::Family::v4, {a, b, c, d}};
}

std::string round_trip(std::string_view text) {
  const auto ip = parse_ip(text);
  return ip ? to_string(*ip) : "refused";
}

TEST(ParseIp, ReadsFourDecimalOctets) {
  EXPECT_EQ(parse_ip("192.0.2.1"), v4(192, 0, 2, 1));
  EXPECT_EQ(parse_ip("0.0.0.0"), v4(0, 0, 0, 0));
  EXPECT_EQ(parse_ip("255.255.255.255"), v4(255, 255, 255, 255));
}

TEST(ParseIp, RefusesAnythingElseAsIpv4) {
  for (const char* text :
       {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4",
        "+1.2.3.4", "-1.2.3.4", "0x1.2.3.4", "1.2.3.4a", "99999999999.0.0.1"})
    EXPECT_FALSE(parse_ip(text)) << text;
}

TEST(ParseIp, ReadsIpv6InEveryFormOfRfc4291) {
  EXPECT_EQ(round_trip("2001:db8:0:0:8:800:200c:417a"), "2001:db8::8:800:200c:417a");
  EXPECT_EQ(round_trip("FF01::101"), "ff01::101");
  EXPECT_EQ(round_trip("::1"), "::1");
  EXPECT_EQ(round_trip("::"), "::");
  EXPECT_EQ(round_trip("1::"), "1::");
  EXPECT_EQ(round_trip("64:ff9b::192.0.2.33"), "64:ff9b::c000:221");
  EXPECT_EQ(round_trip("1:2:3:4:5:6:1.2.3.4"), "1:2:3:4:5:6:102:304");
}

TEST(ParseIp, RefusesMalformedIpv6) {
  for (const char* text : {":", ":::", ":1", "1:", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8",
                           "12345::", "g::", "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "[::1]",
                           "fe80::1%eth0", "::-1", "::0x1"})
    EXPECT_FALSE(parse_ip(text)) << text;
}

TEST(IpToString, FollowsRfc5952) {
  EXPECT_EQ(round_trip("2001:0db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");  // one zero group stays
  EXPECT_EQ(round_trip("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");            // the longest run
  EXPECT_EQ(round_trip("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");      // the first of two equals
  EXPECT_EQ(round_trip("2001:DB8::AbCd"), "2001:db8::abcd");               // lower case
  EXPECT_EQ(round_trip("1:2:3:4:5:6:0:0"), "1:2:3:4:5:6::");               // at the end
  EXPECT_EQ(round_trip("0:0:0:0:0:ffff:c000:201"), "::ffff:192.0.2.1");    // IPv4-mapped
}

TEST(IpToString, ReadsBackAsTheSameAddress) {
  SeededRandom random(1);
  for (int i = 0; i < 2000; ++i) {
    IpAddress ip{IpAddress::Family::v6, {}};
    random.fill(ip.bytes);
    for (std::size_t group = 0; group < 8; ++group)
      if (random.below(2) == 0) ip.bytes[2 * group] = ip.bytes[2 * group + 1] = 0;
    EXPECT_EQ(parse_ip(to_string(ip)), ip) << to_string(ip);
  }
}

TEST(IpToString, SaysNoneForNoAddress) { EXPECT_EQ(to_string(IpAddress{}), "none"); }

TEST(SocketAddressToString, PutsIpv6InBrackets) {
  EXPECT_EQ(to_string(SocketAddress{*parse_ip("192.0.2.1"), 443, 0}), "192.0.2.1:443");
  EXPECT_EQ(to_string(SocketAddress{*parse_ip("::1"), 443, 0}), "[::1]:443");
}

TEST(ParseHostPort, ReadsNamesAndLiterals) {
  for (const auto& [text, host] : {std::pair{"relay.example.org:443", "relay.example.org"},
                                   {"192.0.2.1:443", "192.0.2.1"},
                                   {"[2001:db8::1]:443", "2001:db8::1"},
                                   {"my_host-1:443", "my_host-1"}}) {
    const auto parsed = parse_host_port(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->host, host);
    EXPECT_EQ(parsed->port, 443);
  }
}

TEST(ParseHostPort, TakesEveryPortButZero) {
  EXPECT_EQ(parse_host_port("a:1")->port, 1);
  EXPECT_EQ(parse_host_port("a:65535")->port, 65535);
  for (const char* text : {"a:0", "a:65536", "a:", "a:-1", "a:+1", "a: 1", "a:1 ", "a:443/udp", "a:0443"})
    EXPECT_FALSE(parse_host_port(text)) << text;
}

TEST(ParseHostPort, RefusesWhatIsNeitherANameNorALiteral) {
  for (const char* text : {"", ":", ":443", "host", "[]:443", "[host]:443", "[192.0.2.1]:443", "::1:443", "[::1:443",
                           "::1]:443", "a b:443", "a/b:443", "1.2.3:443", "1.2.3.4.5:443", "300.1.1.1:443"})
    EXPECT_FALSE(parse_host_port(text)) << text;
  EXPECT_FALSE(parse_host_port(std::string(254, 'a') + ":443"));
}

}  // namespace
}  // namespace softlan
