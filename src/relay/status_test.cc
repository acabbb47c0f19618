#include "relay/status.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using namespace test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using proto::test::ipv4_udp;
using proto::test::kBroadcastMac;

class AStatus : public RelayTest {
 protected:
  [[nodiscard]] RelayStatus status(std::string_view only = {}, std::size_t max_members = 100) const {
    return status_of(now_, relay_, only, max_members);
  }
  static MemberStatus member(const RelayStatus& status, std::string_view name) {
    for (const RoomStatus& room : status.rooms) {
      for (const MemberStatus& one : room.members) {
        if (one.name == name) return one;
      }
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }
};

TEST_F(AStatus, ListsRoomsAndTheirMembers) {
  join_gateway(1);
  join_client(2);
  join(3, hello(3, ctrl::Role::client, "ROOM2"));
  const RelayStatus status = this->status();
  ASSERT_EQ(status.rooms.size(), 2u);
  EXPECT_EQ(status.rooms[0].code, "ROOM1");
  EXPECT_TRUE(status.rooms[0].has_gateway);
  EXPECT_EQ(status.rooms[0].clients, 1u);
  EXPECT_EQ(status.rooms[1].clients, 1u);
  EXPECT_EQ(member(status, "player2").mac, test_mac(2));
  EXPECT_EQ(member(status, "player1").role, ctrl::Role::gateway);
}

TEST_F(AStatus, IsOfOneRoomWhenAskedForIt) {
  join_client(1);
  join(2, hello(2, ctrl::Role::client, "ROOM2"));
  ASSERT_EQ(status("ROOM2").rooms.size(), 1u);
  EXPECT_EQ(status("ROOM2").rooms[0].code, "ROOM2");
  EXPECT_TRUE(status("ROOM3").rooms.empty());
}

TEST_F(AStatus, ListsNoMoreMembersThanAskedForButCountsAll) {
  for (std::uint8_t i = 1; i <= 3; ++i) join_client(i);
  join(4, hello(4, ctrl::Role::client, "ROOM2"));
  const RelayStatus status = this->status({}, 2);
  EXPECT_EQ(status.rooms[0].members.size(), 2u);
  EXPECT_EQ(status.rooms[0].not_listed, 1u);
  EXPECT_EQ(status.rooms[0].clients, 3u);
  EXPECT_TRUE(status.rooms[1].members.empty());
  EXPECT_EQ(status.rooms[1].not_listed, 1u);
}

TEST_F(AStatus, TellsTheStateOfAMembersLink) {
  FakeLink& link = join_client(1);
  link.present_stats = {.rtt = 12ms, .budget = 1442, .queued_bytes = 3000, .queued_since = now_, .packets_lost = 7};
  link.present_counters.out.drop(obs::DropReason::queue_late, 2);
  wait(5ms);
  const MemberStatus seen = member(status(), "player1");
  EXPECT_EQ(seen.rtt, 12ms);
  EXPECT_EQ(seen.budget, 1442u);
  EXPECT_EQ(seen.queued_bytes, 3000u);
  EXPECT_EQ(seen.queue_delay, 5ms);
  EXPECT_EQ(seen.packets_lost, 7u);
  EXPECT_EQ(seen.seated, 5ms);
  EXPECT_EQ(seen.counters.out.dropped(obs::DropReason::queue_late), 2u);
}

TEST_F(AStatus, ComparesWhatAMemberSaysWithWhatTheRelaySaw) {
  FakeLink& link = join_client(1);
  EXPECT_FALSE(member(status(), "player1").up);
  link.present_counters.in.frames = 98;
  link.present_counters.out.frames = 50;
  ctrl::Stats told;
  told.frames_sent = 100;
  told.frames_received = 49;
  told.gateway_rtt_us = 1500;
  say(link, told);
  link.present_counters.in.frames = 500;  // later
  const MemberStatus seen = member(status(), "player1");
  EXPECT_EQ(seen.up->sent, 100u);
  EXPECT_EQ(seen.up->arrived, 98u);
  EXPECT_EQ(seen.down->sent, 50u);
  EXPECT_EQ(seen.down->arrived, 49u);
  EXPECT_EQ(seen.gateway_rtt, 1500us);
}

TEST_F(AStatus, RepeatsWhatAMemberSaysOfItself) {
  FakeLink& link = join_client(1);
  ctrl::Stats told;
  told.echoes = {.due = 60, .lost = 0};
  told.gateway_echoes = {.due = 60, .lost = 3};
  told.queue_us = 1500;
  told.seats = 2;
  say(link, told);
  const Told seen = *member(status(), "player1").told;
  EXPECT_EQ(seen.gateway_echoes, told.gateway_echoes);
  EXPECT_EQ(seen.queue_delay, 1500us);
  EXPECT_EQ(seen.seats, 2u);
}

TEST_F(AStatus, RepeatsTheMostFrequentDropsOfAMemberOnly) {
  FakeLink& link = join_client(1);
  ctrl::Stats told;
  for (std::uint64_t i = 1; i <= 100; ++i) told.drops.emplace_back(fmt::format("reason{:03}", i), i);
  say(link, told);
  const Told seen = *member(status(), "player1").told;
  ASSERT_EQ(seen.drops.size(), Told::kMaxDrops);
  EXPECT_EQ(seen.drops.front(), std::pair("reason100"s, std::uint64_t{100}));
}

TEST_F(AStatus, TellsRatesOfTheLastSecond) {
  FakeLink& ada = join_client(1);
  join_gateway(2);
  relay_.sample_rates(now_);
  for (int i = 0; i < 10; ++i) send(ada, ipv4_udp(test_mac(2), test_mac(1), {}));
  now_ += 1s;
  relay_.sample_rates(now_);
  EXPECT_DOUBLE_EQ(member(status(), "player1").rates.in.frames_per_second, 10);
  EXPECT_DOUBLE_EQ(member(status(), "player2").rates.out.frames_per_second, 10);
}

TEST_F(AStatus, KeepsTheDropsOfThoseWhoLeft) {
  FakeLink& ada = join_client(1);
  join_client(2);
  ada.present_counters.out.drop(obs::DropReason::queue_full, 3);
  EXPECT_EQ(status().rooms[0].counters.out.dropped(obs::DropReason::queue_full), 3u);
  say(ada, ctrl::Disconnect{});
  EXPECT_EQ(status().rooms[0].counters.out.dropped(obs::DropReason::queue_full), 3u);
}

TEST_F(AStatus, SummarizesRoundTripTimes) {
  for (std::uint8_t i = 1; i <= 3; ++i) join_client(i).present_stats.rtt = i * 10ms;
  EXPECT_EQ(status().rooms[0].leg_rtt.median, 20ms);
  EXPECT_EQ(status().rooms[0].leg_rtt.worst, 30ms);
  EXPECT_EQ(status().rooms[0].gateway_rtt.worst, 0ms);
}

TEST_F(AStatus, CountsRejectsByReason) {
  join_gateway(1);
  say(connect(2), gateway_hello(2));
  EXPECT_EQ(status().rejected[static_cast<std::size_t>(ctrl::RejectCode::gateway_taken)], 1u);
}

using AKick = AStatus;

TEST_F(AKick, FindsItsMemberByPeerIdByMacAndByName) {
  join_client(1);
  join_client(2);
  const PeerId second = member(status(), "player2").peer;
  for (const std::string& who :
       {std::to_string(to_number(second)), std::string("02:00:00:00:00:02"), std::string("player2")}) {
    const auto found = find_members(*room(), who);
    ASSERT_EQ(found.size(), 1u) << who;
    EXPECT_EQ(found[0]->name, "player2");
  }
  EXPECT_TRUE(find_members(*room(), "player3").empty());
  EXPECT_TRUE(find_members(*room(), "02:00:00:00:00:03").empty());
}

TEST_F(AKick, FindsEverybodyOfAName) {
  for (std::uint8_t i = 1; i <= 2; ++i) {
    ctrl::Hello twin = hello(i);
    twin.name = "Ada";
    join(i, twin);
  }
  EXPECT_EQ(find_members(*room(), "Ada").size(), 2u);
}

TEST_F(AKick, EndsAMembershipAndKeepsNoSeatForIt) {
  FakeLink& ada = join_client(1);
  FakeLink& bob = join_client(2);
  relay_.kick(now_, find_members(*room(), "player1"), "removed by the relay's admin");
  EXPECT_EQ(closed_with(ada), link::CloseCode::rejected);
  EXPECT_EQ(bob.all<ctrl::PeerLeft>().size(), 1u);
  EXPECT_EQ(room()->seats().size(), 1u);
  EXPECT_TRUE(room()->held().empty());
}

TEST_F(AKick, ClosesARoomThatItEmpties) {
  join_client(1);
  join_client(2);
  std::vector<const Seat*> everybody;
  for (const auto& seat : room()->seats()) everybody.push_back(seat.get());
  relay_.kick(now_, everybody, "removed by the relay's admin");
  EXPECT_EQ(room(), nullptr);
}

TEST_F(AKick, WithABanTurnsTheNextHelloAway) {
  join_client(1);
  join_client(2);
  relay_.bans().add(now_, {.identity = find_members(*room(), "player1")[0]->identity,
                           .source = {},
                           .name = "player1",
                           .room = "ROOM1",
                           .expires = now_ + 10min});
  EXPECT_EQ(find_banned(relay_, now_).size(), 1u);
  relay_.kick(now_, find_banned(relay_, now_), "banned");
  FakeLink& again = connect(1);
  say(again, hello(1));
  ASSERT_EQ(again.all<ctrl::Reject>().size(), 1u);
  EXPECT_EQ(again.all<ctrl::Reject>()[0].code, ctrl::RejectCode::not_allowed);
  wait(10min);
  join_client(1);
}

class AFrameLog : public RelayTest {
 protected:
  AFrameLog() { log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text); }
  [[nodiscard]] std::size_t lines(std::string_view words) const {
    const std::string text = log_text_.str();
    std::size_t count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
    return count;
  }
};

TEST_F(AFrameLog, IsOffUntilSomebodyAsksForIt) {
  send(join_client(1), ipv4_udp(kBroadcastMac, test_mac(1), {}));
  EXPECT_EQ(lines("frame room="), 0u);
}

TEST_F(AFrameLog, WritesALineAFrameInItsRoomAlone) {
  FakeLink& ada = join_client(1);
  FakeLink& eve = join(2, hello(2, ctrl::Role::client, "ROOM2"));
  relay_.room("ROOM1")->frame_log().set(true);
  send(ada, ipv4_udp(kBroadcastMac, test_mac(1), {}));
  send(eve, ipv4_udp(kBroadcastMac, test_mac(2), {}));
  EXPECT_EQ(lines("frame room=ROOM1"), 1u);
  EXPECT_EQ(lines("frame room=ROOM2"), 0u);
}

TEST_F(AFrameLog, WritesSoManyLinesASecondAndCountsTheRest) {
  FakeLink& ada = join_client(1);
  join_client(2);
  relay_.room("ROOM1")->frame_log().set(true);
  for (std::uint32_t i = 0; i < FrameLog::kLinesPerSecond + 50; ++i) send(ada, ipv4_udp(test_mac(2), test_mac(1), {}));
  EXPECT_EQ(lines("frame room="), FrameLog::kLinesPerSecond);
  now_ += 1s;
  send(ada, ipv4_udp(test_mac(2), test_mac(1), {}));
  EXPECT_TRUE(logged("frames not logged room=ROOM1 count=50"));
  EXPECT_EQ(lines("frame room="), FrameLog::kLinesPerSecond + 1);
}

}  // namespace
}  // namespace softlan::relay
