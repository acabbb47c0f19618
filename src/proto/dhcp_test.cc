#include "proto/dhcp.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kFrom = test_mac(1);
const Mac kTo = test_mac(2);

TransportView transport(const Frame& frame) { return parse_transport(parse_frame(frame).value()).value(); }
bool server(const Frame& frame) { return is_dhcp_server_message(transport(frame)); }

TEST(DhcpServerMessage, IsKnownFromAClients) {
  EXPECT_TRUE(server(dhcp_server_message(kFrom)));
  EXPECT_FALSE(server(dhcp_client_message(kFrom)));
  EXPECT_TRUE(server(ipv6_udp(kTo, kFrom, {.source_port = 547, .destination_port = 546})));
  EXPECT_FALSE(server(ipv6_udp(kTo, kFrom, {.source_port = 546, .destination_port = 547})));
}

TEST(DhcpServerMessage, IsKnownByThePortItGoesToAsWell) {
  EXPECT_TRUE(server(ipv4_udp(kBroadcastMac, kFrom, {.source_port = 40000, .destination_port = 68})));
  EXPECT_TRUE(server(ipv6_udp(kTo, kFrom, {.source_port = 40000, .destination_port = 546})));
}

TEST(DhcpServerMessage, IsUdpOfItsIpVersion) {
  EXPECT_FALSE(server(ipv4_tcp(kTo, kFrom, {.source_port = 67})));
  EXPECT_FALSE(server(ipv6_udp(kTo, kFrom, {.source_port = 67})));
  EXPECT_FALSE(server(ipv4_udp(kTo, kFrom, {.source_port = 547})));
}

TEST(DhcpServerMessage, IsFoundBehindVlanTagsOptionsAndExtensionHeaders) {
  EXPECT_TRUE(server(vlan(vlan(dhcp_server_message(kFrom), 7), 0, ethertype::service_vlan)));
  Ipv4 packet{.options = Frame(40, 1)};
  packet.payload = udp_bytes(packet.source, packet.destination, {.source_port = 67});
  EXPECT_TRUE(server(ipv4(kBroadcastMac, kFrom, packet)));
  EXPECT_TRUE(server(ipv6_udp(kTo, kFrom, {.source_port = 547, .extensions = {hop_by_hop()}})));
}

TEST(DhcpServerMessage, IsFoundInAFirstFragmentAndNotInLaterOnes) {
  Ipv4 packet{.more_fragments = true};
  packet.payload = udp_bytes(packet.source, packet.destination, {.source_port = 67, .payload = Frame(56)});
  EXPECT_TRUE(server(ipv4(kBroadcastMac, kFrom, packet)));
  packet.fragment_offset = 64;
  EXPECT_FALSE(server(ipv4(kBroadcastMac, kFrom, packet)));
  EXPECT_TRUE(server(ipv6_udp(kTo, kFrom, {.source_port = 547, .extensions = {fragment_header(0, true)}})));
  EXPECT_FALSE(server(ipv6_udp(kTo, kFrom, {.source_port = 547, .extensions = {fragment_header(64, true)}})));
}

TEST(DhcpAck, SaysWhoGetsWhich) {
  const auto lease = parse_dhcp_ack(transport(dhcp_ack(kFrom, ip("192.0.2.77"), test_mac(9))));
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->address, ip("192.0.2.77"));
  EXPECT_EQ(lease->client, test_mac(9));
}

TEST(DhcpAck, IsNoOtherMessage) {
  EXPECT_FALSE(parse_dhcp_ack(transport(dhcp_client_message(kFrom))));
  EXPECT_FALSE(parse_dhcp_ack(transport(dhcp_server_message(kFrom))));
  const Frame ack = dhcp_ack(kFrom, ip("192.0.2.77"), test_mac(9));
  constexpr std::size_t kMessageAt = 14 + 20 + 8;
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Frame frame = ack;
    frame[kMessageAt + at] = value;
    return parse_dhcp_ack(transport(frame)).has_value();
  };
  EXPECT_FALSE(changed(0, 1));                                                           // a request
  EXPECT_FALSE(changed(1, 6));                                                           // not Ethernet
  EXPECT_FALSE(changed(236, 0));                                                         // BOOTP
  EXPECT_FALSE(changed(240 + 9, 2));                                                     // an offer
  EXPECT_FALSE(parse_dhcp_ack(transport(dhcp_ack(kFrom, ip("0.0.0.0"), test_mac(9)))));  // answers an inform
}

TEST(DhcpAck, IsReadWithinItsBoundsOnly) {
  const Frame ack = dhcp_ack(kFrom, ip("192.0.2.77"), test_mac(9));
  SeededRandom random(5);
  for (int i = 0; i < 20'000; ++i) {
    Frame frame = ack;
    frame[34 + random.below(frame.size() - 34)] = static_cast<std::uint8_t>(random.next_u64());
    frame.resize(34 + random.below(frame.size() - 33));
    frame.shrink_to_fit();
    (void)parse_dhcp_ack(transport(frame));
    (void)parse_dhcp_offer(transport(frame));
  }
}

TEST(DhcpOffer, SaysWhichServerAnswersWhom) {
  constexpr std::size_t kMessageAt = 14 + 20 + 8;
  Frame frame = dhcp_ack(kFrom, ip("192.0.2.77"), test_mac(9));
  EXPECT_FALSE(parse_dhcp_offer(transport(frame)));
  frame[kMessageAt + 240 + 9] = 2;
  store_be32(&frame[kMessageAt + 4], 0x1234'5678);
  const auto offer = parse_dhcp_offer(transport(frame));
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->server, ip("192.0.2.1"));
  EXPECT_EQ(offer->transaction, 0x1234'5678u);
  frame[kMessageAt + 240 + 1] = 55;  // no server identifier
  EXPECT_FALSE(parse_dhcp_offer(transport(frame)));
}

}  // namespace
}  // namespace softlan::proto
