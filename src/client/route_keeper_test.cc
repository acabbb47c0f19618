#include "client/route_keeper.h"

#include <gmock/gmock.h>

#include "client/network_undo.h"
#include "client/test_machine.h"

namespace softlan::client {
namespace {

using test::Family;
using test::ip;
using test::Machine;
using test::route;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr TimePoint kStart{};
constexpr InterfaceId kHome = Machine::kHome;
constexpr InterfaceId kWifi = Machine::kWifi;
constexpr InterfaceId kTap = Machine::kTap;
const IpAddress kRelay = test::ip("203.0.113.5");
const Route kPin = test::route("203.0.113.5/32", "192.168.1.1", kHome);

struct Listener final : RouteListener {
  std::vector<std::string> said;
  void on_trouble(const std::string& sentence) override { said.push_back(sentence); }
};

struct Pc {
  test::Fate fate;
  Machine machine{fate};
  test::Journal journal{fate};
  Listener listener;
  Machine::Tables before = machine.tables;

  [[nodiscard]] bool has(const Route& r) const { return machine.tables.routes.contains(r); }
  [[nodiscard]] const InterfaceSettings& tap(Family family) const {
    return machine.tables.interfaces.at({kTap, family});
  }
};

struct Playing : Pc {
  RouteKeeper keeper{kTap, machine, journal, listener};

  Playing() {
    keeper.set_relays(kStart, std::vector{kRelay});
    keeper.start(kStart);
  }
  void look_again(int after_seconds = 10) { keeper.on_deadline(kStart + std::chrono::seconds(after_seconds)); }
};

TEST(RouteKeeper, PinsTheWayToTheRelayWhereItWas) {
  Playing pc;
  EXPECT_TRUE(pc.has(kPin));
  ASSERT_EQ(pc.keeper.status().relays.size(), 1U);
  const auto& relay = pc.keeper.status().relays[0];
  EXPECT_TRUE(relay.pinned);
  EXPECT_EQ(relay.path->route, kPin);
  EXPECT_THAT(pc.listener.said, IsEmpty());
}

TEST(RouteKeeper, PinsEveryAddressOfTheRelayThatCanBeReached) {
  Playing pc;
  pc.keeper.set_relays(kStart, std::vector{kRelay, ip("2001:db8::5"), ip("fe80::7")});
  EXPECT_TRUE(pc.has(kPin));
  EXPECT_TRUE(pc.has(route("2001:db8::5/128", "fe80::1", kHome)));
  EXPECT_EQ(pc.keeper.status().relays.size(), 2U) << "a link-local relay needs no route";
}

TEST(RouteKeeper, LetsGoOfAnAddressTheRelayHasNoMore) {
  Playing pc;
  pc.keeper.set_relays(kStart, std::vector{ip("203.0.113.6")});
  EXPECT_FALSE(pc.has(kPin));
  EXPECT_TRUE(pc.has(route("203.0.113.6/32", "192.168.1.1", kHome)));
}

TEST(RouteKeeper, LeavesARouteOfTheUsersOwnAlone) {
  Pc pc;
  pc.machine.tables.routes[kPin] = 7;
  pc.before = pc.machine.tables;
  {
    RouteKeeper keeper(kTap, pc.machine, pc.journal, pc.listener);
    keeper.set_relays(kStart, std::vector{kRelay});
    keeper.start(kStart);
    EXPECT_FALSE(keeper.status().relays[0].pinned);
  }
  EXPECT_EQ(pc.machine.tables, pc.before);
}

TEST(RouteKeeper, GivesTheTapTheLowestMetricTheRoomsMtuAndNeitherDefaultRouteNorNameServers) {
  Playing pc;
  pc.keeper.set_mtu(kStart, 1000);
  const InterfaceSettings expected{.automatic_metric = false, .metric = 1, .mtu = 1000, .default_routes = false};
  EXPECT_EQ(pc.tap(Family::v4), expected);
  EXPECT_EQ(pc.tap(Family::v6).mtu, 1280U) << "the least that IPv6 allows";
  EXPECT_EQ(pc.tap(Family::v6).metric, 1U);
  EXPECT_FALSE(pc.machine.tables.name_servers.at({kTap, Family::v4}));
  EXPECT_FALSE(pc.machine.tables.name_servers.at({kTap, Family::v6}));
  EXPECT_TRUE(pc.machine.tables.name_servers.at({kHome, Family::v4}));
}

TEST(RouteKeeper, DoesWithoutAFamilyTheTapDoesNotSpeak) {
  Pc pc;
  pc.machine.tables.interfaces.erase({kTap, Family::v6});
  pc.machine.tables.name_servers.erase({kTap, Family::v6});
  RouteKeeper keeper(kTap, pc.machine, pc.journal, pc.listener);
  keeper.start(kStart);
  EXPECT_EQ(pc.tap(Family::v4).metric, 1U);
  EXPECT_THAT(pc.listener.said, IsEmpty());
}

TEST(RouteKeeper, SetsAgainWhatTheSystemForgotAndStillPutsBackWhatWasThereFirst) {
  Playing pc;
  pc.machine.tables.interfaces[{kTap, Family::v4}] = {.metric = 30, .mtu = 1500};
  pc.machine.tables.routes.erase(kPin);
  pc.look_again();
  EXPECT_EQ(pc.tap(Family::v4).metric, 1U);
  EXPECT_TRUE(pc.has(kPin));
  pc.keeper.stop();
  EXPECT_EQ(pc.machine.tables, pc.before);
  EXPECT_THAT(pc.journal.changes, IsEmpty());
}

TEST(RouteKeeper, LooksAgainSoonAfterAChangeAndNowAndThenAnyway) {
  Playing pc;
  EXPECT_EQ(pc.keeper.next_deadline(), kStart + RouteKeeper::kCheckInterval);
  pc.keeper.on_change(kStart);
  EXPECT_EQ(pc.keeper.next_deadline(), kStart + RouteKeeper::kSettleTime);
  pc.keeper.stop();
  EXPECT_EQ(pc.keeper.next_deadline(), kNever);
}

TEST(RouteKeeper, FollowsTheMachineToAnotherNetwork) {
  Playing pc;
  pc.machine.tables.routes.erase(route("0.0.0.0/0", "192.168.1.1", kHome));
  pc.keeper.on_change(kStart);
  pc.look_again(1);
  EXPECT_TRUE(pc.has(route("203.0.113.5/32", "10.9.0.1", kWifi)));
  EXPECT_FALSE(pc.has(kPin));
}

TEST(RouteKeeper, KeepsAPinWhileNoOtherWayIsThere) {
  Playing pc;
  pc.machine.tables.routes.erase(route("0.0.0.0/0", "192.168.1.1", kHome));
  pc.machine.tables.routes.erase(route("0.0.0.0/0", "10.9.0.1", kWifi));
  pc.look_again();
  EXPECT_TRUE(pc.has(kPin));
}

TEST(RouteKeeper, SaysWhenThePartysDhcpTakesTheRelaysRoute) {
  Playing pc;
  pc.machine.lease("172.16.0.7", "172.16.0.1");
  pc.look_again();
  EXPECT_THAT(pc.listener.said, IsEmpty()) << "a default route at the party is no harm";
  pc.machine.tables.routes[route("203.0.113.5/32", "172.16.0.1", kTap)] = 0;
  pc.look_again(20);
  pc.look_again(30);
  EXPECT_THAT(pc.listener.said, ElementsAre(HasSubstr("through the party itself")));
  EXPECT_EQ(pc.keeper.status().tap_addresses.size(), 1U);
}

TEST(RouteKeeper, ExplainsANetworkThatHomeAndPartyShare) {
  Playing pc;
  pc.machine.lease("192.168.1.131", "192.168.1.1");
  pc.look_again();
  pc.look_again(20);
  EXPECT_THAT(pc.listener.said, ElementsAre(HasSubstr("both use 192.168.1.0/24")));
  EXPECT_EQ(pc.keeper.status().relays[0].path->route, kPin);
}

TEST(RouteKeeper, SaysWhenAnotherCardTakesTheBroadcasts) {
  Playing pc;
  pc.machine.lease("172.16.0.7", "172.16.0.1");
  pc.machine.tables.interfaces[{kHome, Family::v4}].metric = 1;
  pc.look_again();
  EXPECT_THAT(pc.listener.said, ElementsAre(HasSubstr("as low a metric")));
}

TEST(RouteKeeper, PutsEverythingBackNewestFirst) {
  Playing pc;
  EXPECT_EQ(pc.journal.changes.size(), 5U);
  pc.keeper.stop();
  EXPECT_EQ(pc.machine.tables, pc.before);
  EXPECT_THAT(pc.journal.changes, IsEmpty());
}

// One evening: a start, a room's MTU, a change of network, an end.
void play(Pc& pc) {
  RouteKeeper keeper(kTap, pc.machine, pc.journal, pc.listener);
  keeper.set_relays(kStart, std::vector{kRelay, ip("2001:db8::5")});
  keeper.start(kStart);
  keeper.set_mtu(kStart, 1200);
  pc.machine.tables.routes.erase(route("0.0.0.0/0", "192.168.1.1", kHome));
  keeper.on_change(kStart);
  keeper.on_deadline(kStart + std::chrono::seconds(1));
  pc.machine.tables.routes[route("0.0.0.0/0", "192.168.1.1", kHome)] = 0;
  keeper.on_deadline(kStart + std::chrono::seconds(20));
  keeper.stop();
}

int calls_of_an_evening() {
  Pc pc;
  play(pc);
  return pc.fate.calls;
}

// What a start does with the journal of an earlier one.
void recover(Pc& pc, test::Fate fate = {}) {
  pc.fate = fate;
  while (!pc.journal.changes.empty()) {
    const Change newest = pc.journal.changes.back();
    ASSERT_TRUE(put_back(pc.machine, newest));
    pc.journal.forget(newest);
  }
}

TEST(RouteKeeper, IsUndoneWhicheverCallFails) {
  const int calls = calls_of_an_evening();
  EXPECT_GT(calls, 40);
  for (int n = 1; n <= calls; ++n) {
    Pc pc;
    pc.fate.fail_at = n;
    play(pc);
    recover(pc);  // where what failed was the end
    EXPECT_EQ(pc.machine.tables, pc.before) << "call " << n;
  }
}

TEST(RouteKeeper, IsUndoneByTheNextStartWhereverItWasKilled) {
  const int calls = calls_of_an_evening();
  for (int n = 1; n <= calls; ++n) {
    Pc pc;
    pc.fate.die_at = n;
    EXPECT_THROW(play(pc), test::Killed);
    pc.machine.tables.routes[route("0.0.0.0/0", "192.168.1.1", kHome)] = 0;
    recover(pc);
    EXPECT_EQ(pc.machine.tables, pc.before) << "call " << n;
  }
}

TEST(RouteKeeper, IsUndoneThoughTheNextStartWasKilledAtItToo) {
  const int calls = calls_of_an_evening();
  for (int n = 1; n <= calls; ++n) {
    for (int again = 1; again <= 12; ++again) {
      Pc pc;
      pc.fate.die_at = n;
      EXPECT_THROW(play(pc), test::Killed);
      pc.machine.tables.routes[route("0.0.0.0/0", "192.168.1.1", kHome)] = 0;
      try {
        recover(pc, {.die_at = again});
      } catch (const test::Killed&) {
      }
      recover(pc);
      EXPECT_EQ(pc.machine.tables, pc.before) << "calls " << n << " and " << again;
    }
  }
}

TEST(RouteKeeper, SaysWhichCallFailed) {
  Pc pc;
  pc.fate.fail_at = 1;
  play(pc);
  EXPECT_THAT(pc.listener.said, ElementsAre("call 1 failed"));
}

TEST(RouteKeeper, ChangesNothingThatCannotBeRemembered) {
  Pc pc;
  struct FullDisk final : Undo {
    Result<void> remember(const Change&) override { return fail("the disk is full"); }
    void forget(const Change&) override {}
  } disk;
  RouteKeeper keeper(kTap, pc.machine, disk, pc.listener);
  keeper.set_relays(kStart, std::vector{kRelay});
  keeper.start(kStart);
  EXPECT_EQ(pc.machine.tables, pc.before);
  EXPECT_THAT(pc.listener.said, ElementsAre("the disk is full"));
}

}  // namespace
}  // namespace softlan::client
