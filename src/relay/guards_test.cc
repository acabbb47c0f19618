#include "relay/guards.h"

#include <gtest/gtest.h>

#include "base/frame_pool.h"
#include "proto/test_frames.h"

namespace softlan::relay {
namespace {

using ctrl::Role;
using obs::DropReason;
using namespace proto::test;

DropReason judged(Role sender, const Frame& frame) { return guard(sender, proto::parse_frame(frame).value()); }

TEST(Guards, LetOrdinaryFramesPass) {
  const Frame frame = ipv4_udp(test_mac(2), test_mac(1));
  EXPECT_EQ(judged(Role::client, frame), DropReason::none);
  EXPECT_EQ(judged(Role::gateway, frame), DropReason::none);
}

TEST(Guards, LetTheLargestLanFramePassAndNothingLarger) {
  const Frame largest = ethernet(test_mac(2), test_mac(1), 0x0800, Frame(kMaxFrameSize - 14));
  const Frame larger = ethernet(test_mac(2), test_mac(1), 0x0800, Frame(kMaxFrameSize - 13));
  EXPECT_EQ(judged(Role::client, largest), DropReason::none);
  EXPECT_EQ(judged(Role::client, larger), DropReason::jumbo);
  EXPECT_EQ(judged(Role::gateway, larger), DropReason::jumbo);
}

TEST(Guards, StopSwitchControlFromAnyone) {
  const Frame spanning_tree = llc(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 0}}, test_mac(1));
  EXPECT_EQ(judged(Role::client, spanning_tree), DropReason::switch_control);
  EXPECT_EQ(judged(Role::gateway, spanning_tree), DropReason::switch_control);
}

TEST(Guards, StopDhcpServersOnClientsOnly) {
  EXPECT_EQ(judged(Role::client, dhcp_server_message(test_mac(1))), DropReason::dhcp_server);
  EXPECT_EQ(judged(Role::client, vlan(dhcp_server_message(test_mac(1)), 7)), DropReason::dhcp_server);
  EXPECT_EQ(judged(Role::gateway, dhcp_server_message(test_mac(1))), DropReason::none);
}

TEST(Guards, LetDhcpClientsAsk) { EXPECT_EQ(judged(Role::client, dhcp_client_message(test_mac(1))), DropReason::none); }

TEST(Guards, StopRoutersOnClientsOnly) {
  EXPECT_EQ(judged(Role::client, router_advertisement(test_mac(1))), DropReason::router_advertisement);
  EXPECT_EQ(judged(Role::gateway, router_advertisement(test_mac(1))), DropReason::none);
}

}  // namespace
}  // namespace softlan::relay
