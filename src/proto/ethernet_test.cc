#include "proto/ethernet.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "proto/test_frames.h"

namespace softlan::proto {
namespace {

using namespace test;

const Mac kFrom = test_mac(1);
const Mac kTo = test_mac(2);

FrameView view(const Frame& frame) { return parse_frame(frame).value(); }

HeaderChain chain(const Frame& frame) { return parse_packet(frame).value().chain; }
bool switch_control(std::string_view to) {
  return is_switch_control(view(ethernet(*parse_mac(to), kFrom, ethertype::ipv4, pattern(46))));
}

TEST(ParseFrame, ReadsAddressesTypeAndPayload) {
  const Frame frame = ethernet(kTo, kFrom, 0x88b5, pattern(46));
  const FrameView seen = view(frame);
  EXPECT_EQ(seen.destination, kTo);
  EXPECT_EQ(seen.source, kFrom);
  EXPECT_EQ(seen.ethertype, 0x88b5);
  EXPECT_EQ(seen.vlan_tags, 0);
  EXPECT_EQ(seen.payload.data(), frame.data() + 14);
  EXPECT_EQ(seen.payload.size(), 46U);
  EXPECT_FALSE(seen.is_llc());
}

TEST(ParseFrame, TakesAHeaderWithoutPayload) {
  EXPECT_TRUE(view(ethernet(kTo, kFrom, ethertype::ipv4, {})).payload.empty());
}

TEST(ParseFrame, SkipsOneOrTwoVlanTags) {
  const Frame once = vlan(ipv4_udp(kTo, kFrom), 7);
  EXPECT_EQ(view(once).vlan_tags, 1);
  EXPECT_EQ(view(once).vlan_ids[0], 7);
  EXPECT_EQ(view(once).ethertype, ethertype::ipv4);
  const Frame twice = vlan(once, 8, ethertype::service_vlan);
  EXPECT_EQ(view(twice).vlan_tags, 2);
  EXPECT_EQ(view(twice).vlan_ids, (std::array<std::uint16_t, 2>{8, 7}));
  EXPECT_EQ(view(twice).ethertype, ethertype::ipv4);
  EXPECT_EQ(view(twice).payload.data(), twice.data() + 22);
}

TEST(ParseFrame, ReadsAVlanIdWithoutItsPriority) { EXPECT_EQ(view(vlan(ipv4_udp(kTo, kFrom), 0xf007)).vlan_ids[0], 7); }

TEST(ParseFrame, StopsAtAThirdVlanTag) {
  const Frame thrice = vlan(vlan(vlan(ipv4_udp(kTo, kFrom), 1), 2), 3);
  EXPECT_EQ(view(thrice).vlan_tags, 2);
  EXPECT_EQ(view(thrice).ethertype, ethertype::vlan);
}

TEST(ParseFrame, RefusesAFrameShorterThanItsHeader) {
  const Frame tagged = vlan(vlan(ethernet(kTo, kFrom, ethertype::ipv4, {}), 1), 2);
  for (std::size_t size = 0; size < tagged.size(); ++size) EXPECT_FALSE(parse_frame(Bytes(tagged).first(size))) << size;
  EXPECT_TRUE(parse_frame(tagged));
}

TEST(ParseFrame, KnowsAnLlcLengthFromAnEthertype) {
  EXPECT_TRUE(view(llc(kTo, kFrom)).is_llc());
  EXPECT_EQ(view(llc(kTo, kFrom)).ethertype, 3);
  EXPECT_TRUE(view(ethernet(kTo, kFrom, 0x05ff, {})).is_llc());
  EXPECT_FALSE(view(ethernet(kTo, kFrom, 0x0600, {})).is_llc());
}

TEST(ParseTransport, FindsUdpInIpv4) {
  const Frame frame = vlan(ipv4_udp(kTo, kFrom, {.source_port = 1234}), 7);
  const auto transport = parse_transport(view(frame));
  ASSERT_TRUE(transport);
  EXPECT_EQ(transport->protocol, kProtocolUdp);
  EXPECT_EQ(transport->source, ip("192.0.2.1"));
  EXPECT_EQ(transport->destination, ip("192.0.2.2"));
  EXPECT_FALSE(transport->is_fragment);
  EXPECT_EQ(load_be16(transport->header.data()), 1234);
}

TEST(ParseTransport, SkipsIpv4OptionsAndLeavesPaddingOut) {
  Frame frame = ipv4(kTo, kFrom, {.options = Frame(12, 1), .payload = pattern(8)});
  frame.resize(60);
  const auto transport = parse_transport(view(frame));
  ASSERT_TRUE(transport);
  EXPECT_TRUE(std::ranges::equal(transport->header, pattern(8)));
}

TEST(ParseTransport, KnowsFragmentsOfIpv4) {
  const auto first = parse_transport(view(ipv4(kTo, kFrom, {.more_fragments = true, .payload = pattern(64)})));
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->is_fragment);
  EXPECT_TRUE(first->first_fragment);
  const auto last = parse_transport(view(ipv4(kTo, kFrom, {.fragment_offset = 64, .payload = pattern(64)})));
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->is_fragment);
  EXPECT_FALSE(last->first_fragment);
}

TEST(ParseTransport, RefusesBrokenIpv4) {
  const Frame good = ipv4_udp(kTo, kFrom);
  const auto broken = [&](std::size_t at, std::uint8_t value) {
    Frame frame = good;
    frame[14 + at] = value;
    return !parse_transport(view(frame));
  };
  EXPECT_TRUE(broken(0, 0x55));  // version
  EXPECT_TRUE(broken(0, 0x44));  // header shorter than 20 bytes
  EXPECT_TRUE(broken(0, 0x4f));  // header longer than the packet
  EXPECT_TRUE(broken(3, 19));    // packet shorter than its header
  for (std::size_t size = 14; size < 34; ++size) {
    const auto cut = parse_frame(Bytes(good).first(size));
    EXPECT_FALSE(parse_transport(*cut)) << size;
  }
}

TEST(ParseTransport, SkipsIpv6ExtensionHeaders) {
  const Frame frame =
      ipv6_icmp(kAllNodesMac, kFrom, 128, {hop_by_hop(), destination_options(), fragment_header(0, false)});
  const auto transport = parse_transport(view(frame));
  ASSERT_TRUE(transport);
  EXPECT_EQ(transport->protocol, kProtocolIcmpv6);
  EXPECT_EQ(transport->source, ip("fe80::1"));
  EXPECT_EQ(transport->destination, ip("ff02::1"));
  EXPECT_FALSE(transport->is_fragment);
  EXPECT_EQ(transport->header.size(), 16U);
  EXPECT_EQ(transport->header[0], 128);
}

TEST(ParseTransport, StopsAtALaterFragmentOfIpv6) {
  // What follows would read as a chain of extension headers, but is the middle of somebody's payload.
  const Frame frame =
      ipv6(kTo, kFrom, {.protocol = 60, .extensions = {fragment_header(64, true)}, .payload = Frame(32)});
  const auto transport = parse_transport(view(frame));
  ASSERT_TRUE(transport);
  EXPECT_TRUE(transport->is_fragment);
  EXPECT_FALSE(transport->first_fragment);
  EXPECT_EQ(transport->header.size(), 32U);
}

TEST(ParseTransport, FollowsAtMostEightExtensionHeaders) {
  EXPECT_TRUE(parse_transport(view(ipv6_icmp(kTo, kFrom, 128, std::vector<Extension>(8, destination_options())))));
  EXPECT_FALSE(parse_transport(view(ipv6_icmp(kTo, kFrom, 128, std::vector<Extension>(9, destination_options())))));
}

TEST(ParseTransport, RefusesAnExtensionHeaderCutShort) {
  const Frame frame = ipv6_icmp(kTo, kFrom, 128, {destination_options()});
  for (std::size_t size = 14; size < 14 + 40 + 16; ++size) {
    const auto cut = parse_frame(Bytes(frame).first(size));
    EXPECT_FALSE(parse_transport(*cut)) << size;
  }
}

TEST(ParseTransport, AnswersNothingForOtherProtocols) {
  EXPECT_FALSE(parse_transport(view(arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")))));
  EXPECT_FALSE(parse_transport(view(llc(kTo, kFrom))));
}

TEST(ParseTransport, TakesWhatIsThereForAJumbogramThatIsNone) {
  Frame frame = ipv6_icmp(kAllNodesMac, kFrom, 134, {hop_by_hop()});
  store_be16(&frame[14 + 4], 0);
  const auto transport = parse_transport(view(frame));
  ASSERT_TRUE(transport);
  EXPECT_TRUE(transport->carries(protocol::icmpv6));
  EXPECT_EQ(transport->header[0], 134);
}

TEST(HeaderChain, LeadsToTheTransportHeader) {
  EXPECT_EQ(chain(ipv4_udp(kTo, kFrom)), HeaderChain::whole);
  EXPECT_EQ(chain(vlan(ipv6_tcp(kTo, kFrom, {.extensions = {hop_by_hop()}}), 7)), HeaderChain::whole);
  EXPECT_EQ(chain(arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2"))), HeaderChain::not_ip);
  EXPECT_EQ(chain(ethernet(kTo, kFrom, ethertype::ipv4, pattern(46))), HeaderChain::broken);
  EXPECT_EQ(chain(ethernet(kTo, kFrom, ethertype::ipv6, pattern(60))), HeaderChain::broken);
}

TEST(HeaderChain, IsHiddenBehindManyExtensionHeadersOrAFragmentThatEndsEarly) {
  EXPECT_EQ(chain(ipv6_icmp(kTo, kFrom, 128, std::vector<Extension>(9, destination_options()))), HeaderChain::hidden);
  EXPECT_EQ(chain(ipv6(kTo, kFrom, {.protocol = 60, .extensions = {fragment_header(0, true)}})), HeaderChain::hidden);
  EXPECT_EQ(chain(ipv6(kTo, kFrom, {.protocol = kProtocolIcmpv6, .extensions = {fragment_header(0, true)}})),
            HeaderChain::hidden);
}

TEST(HeaderChain, WantsAWholeTransportHeaderInAFirstFragment) {
  const auto first_of = [](std::uint8_t protocol, std::size_t size) {
    const Frame payload = pattern(size);
    const HeaderChain v4 = chain(ipv4(kTo, kFrom, {.protocol = protocol, .more_fragments = true, .payload = payload}));
    const HeaderChain v6 =
        chain(ipv6(kTo, kFrom, {.protocol = protocol, .extensions = {fragment_header(0, true)}, .payload = payload}));
    EXPECT_EQ(v4, v6);
    return v4;
  };
  EXPECT_EQ(first_of(kProtocolUdp, 7), HeaderChain::hidden);
  EXPECT_EQ(first_of(kProtocolUdp, 8), HeaderChain::whole);
  EXPECT_EQ(first_of(kProtocolTcp, 16), HeaderChain::hidden);
  EXPECT_EQ(first_of(kProtocolTcp, 24), HeaderChain::whole);
}

TEST(HeaderChain, IsHiddenInAFragmentThatWouldOverwriteATcpHeader) {
  const auto later = [](std::uint8_t protocol, std::size_t offset) {
    return chain(ipv4(kTo, kFrom, {.protocol = protocol, .fragment_offset = offset, .payload = pattern(64)}));
  };
  EXPECT_EQ(later(kProtocolTcp, 8), HeaderChain::hidden);
  EXPECT_EQ(later(kProtocolUdp, 8), HeaderChain::whole);
  EXPECT_EQ(later(kProtocolTcp, 1480), HeaderChain::whole);
}

TEST(SnapEthertype, IsFoundInAnLlcFrameOnly) {
  EXPECT_EQ(snap_ethertype(view(snap(ipv4_udp(kTo, kFrom)))), ethertype::ipv4);
  EXPECT_EQ(snap_ethertype(view(llc(kTo, kFrom, Frame{0xaa, 0xaa, 3, 0, 0, 0xf8, 0x86, 0xdd}))), ethertype::ipv6);
  EXPECT_EQ(snap_ethertype(view(llc(kTo, kFrom, Frame{0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0x00}))), 0);
  EXPECT_EQ(snap_ethertype(view(llc(kTo, kFrom, Frame{0xaa, 0xaa, 3, 0, 0, 0, 8}))), 0);
  EXPECT_EQ(snap_ethertype(view(ipv4_udp(kTo, kFrom))), 0);
}

TEST(SwitchControl, IsWhatBridgesKeepToThemselves) {
  EXPECT_TRUE(switch_control("01:80:c2:00:00:00"));  // spanning tree
  EXPECT_TRUE(switch_control("01:80:c2:00:00:01"));  // PAUSE
  EXPECT_TRUE(switch_control("01:80:c2:00:00:0e"));  // LLDP
  EXPECT_TRUE(switch_control("01:80:c2:00:00:0f"));
  EXPECT_TRUE(switch_control("01:80:c2:00:00:21"));  // GVRP
  EXPECT_TRUE(switch_control("01:80:c2:00:00:2f"));
  EXPECT_TRUE(switch_control("01:00:0c:cc:cc:cc"));  // CDP
  EXPECT_TRUE(switch_control("01:00:0c:cc:cc:cd"));  // PVST+
  EXPECT_TRUE(is_switch_control(view(ethernet(kTo, kFrom, ethertype::pause, pattern(46)))));
}

TEST(SwitchControl, IsNothingElse) {
  for (const char* to :
       {"01:80:c2:00:00:10", "01:80:c2:00:00:1f", "01:80:c2:00:00:30", "01:80:c2:00:01:00", "01:00:0c:cc:cc:ce",
        "01:00:5e:00:00:fb", "33:33:00:00:00:01", "ff:ff:ff:ff:ff:ff", "02:00:00:00:00:02"})
    EXPECT_FALSE(switch_control(to)) << to;
}

TEST(DescribeEthertype, IsShortAndReadable) {
  const auto described = [](std::uint16_t type) { return describe_ethertype(view(ethernet(kTo, kFrom, type, {}))); };
  EXPECT_EQ(described(ethertype::ipv4), "ipv4");
  EXPECT_EQ(described(ethertype::arp), "arp");
  EXPECT_EQ(described(ethertype::ipv6), "ipv6");
  EXPECT_EQ(described(ethertype::softlan), "0x88b5");
  EXPECT_EQ(described(39), "llc 39");
  EXPECT_EQ(describe_ethertype(view(vlan(ipv4_udp(kTo, kFrom), 7))), "ipv4");
  EXPECT_EQ(describe_ethertype(view(vlan(vlan(vlan(ipv4_udp(kTo, kFrom), 1), 2), 3))), "vlan");
}

// Views must lie inside the frame; under the address sanitizer a byte read past the exact-size copy is caught too.
void expect_within_bounds(Bytes bytes) {
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  const auto frame = parse_frame(exact);
  if (!frame) return;
  const auto* const end = exact.data() + exact.size();
  EXPECT_EQ(frame->payload.data() + frame->payload.size(), end);
  if (const auto transport = parse_transport(*frame)) {
    EXPECT_GE(transport->header.data(), frame->payload.data());
    EXPECT_LE(transport->header.data() + transport->header.size(), end);
  }
  (void)is_switch_control(*frame);
  (void)snap_ethertype(*frame);
  EXPECT_FALSE(describe_ethertype(*frame).empty());
}

std::vector<Frame> samples() {
  return {dhcp_server_message(kFrom),
          vlan(vlan(dhcp_client_message(kFrom), 1), 2),
          router_advertisement(kFrom),
          vlan(ipv6_icmp(kTo, kFrom, 134, {hop_by_hop(), destination_options(), fragment_header(0, true)}), 7),
          ipv6_tcp(kTo, kFrom, {.extensions = {Extension{51, Frame(11)}, Extension{43, Frame(7)}}}),
          arp(kFrom, ip("192.0.2.1"), ip("192.0.2.2")),
          llc(kTo, kFrom)};
}

TEST(EthernetParsers, StayInsideEveryTruncatedFrame) {
  for (const Frame& frame : samples())
    for (std::size_t size = 0; size <= frame.size(); ++size) expect_within_bounds(Bytes(frame).first(size));
}

TEST(EthernetParsers, StayInsideDamagedAndRandomFrames) {
  SeededRandom random(8);
  const auto originals = samples();
  for (int i = 0; i < 50'000; ++i) {
    Frame frame = originals[random.below(originals.size())];
    for (std::uint64_t flips = random.below(6); flips > 0; --flips)
      frame[12 + random.below(std::min<std::size_t>(frame.size() - 12, 80))] =
          static_cast<std::uint8_t>(random.next_u64());
    expect_within_bounds(Bytes(frame).first(random.below(frame.size() + 1)));
  }
  for (int i = 0; i < 50'000; ++i) {
    Frame frame(random.below(120));
    random.fill(frame);
    if (frame.size() > 14) store_be16(&frame[12], random.below(2) == 0 ? ethertype::ipv4 : ethertype::ipv6);
    expect_within_bounds(frame);
  }
}

}  // namespace
}  // namespace softlan::proto
