#include "client/network_undo.h"

#include <gmock/gmock.h>

#include "client/test_machine.h"

namespace softlan::client {
namespace {

using test::Family;
using test::Machine;
using test::route;

constexpr InterfaceId kTap = Machine::kTap;

struct Pc {
  test::Fate fate;
  Machine machine{fate};
};

TEST(NetworkUndo, IsWrittenAsTextAndReadAgain) {
  const Route pin = route("203.0.113.5/32", "192.168.1.1", 1689399632855040);
  EXPECT_EQ(added_route(pin), (Change{"network", "route 203.0.113.5/32 192.168.1.1 1689399632855040", "none"}));
  EXPECT_EQ(route_of(added_route(pin)), pin);
  EXPECT_EQ(changed_interface(kTap, Family::v6, {.metric = 25, .mtu = 1500}),
            (Change{"network", "interface v6 77", "automatic 25 1500 default-routes"}));
  EXPECT_EQ(changed_name_servers(kTap, Family::v4, true), (Change{"network", "name-servers v4 77", "asked"}));
}

TEST(NetworkUndo, PutsBackAFixedMetric) {
  Pc pc;
  const InterfaceSettings before{.automatic_metric = false, .metric = 7, .mtu = 1400, .default_routes = false};
  ASSERT_TRUE(put_back(pc.machine, changed_interface(kTap, Family::v4, before)));
  EXPECT_EQ((pc.machine.tables.interfaces.at({kTap, Family::v4})), before);
}

TEST(NetworkUndo, IsDoneWithAnInterfaceThatIsGone) {
  Pc pc;
  const auto before = pc.machine.tables;
  EXPECT_TRUE(put_back(pc.machine, changed_interface(99, Family::v4, {})));
  EXPECT_TRUE(put_back(pc.machine, changed_name_servers(99, Family::v6, true)));
  EXPECT_TRUE(put_back(pc.machine, added_route(route("203.0.113.5/32", "192.168.1.1", 99))));
  EXPECT_EQ(pc.machine.tables, before);
}

TEST(NetworkUndo, LeavesAloneWhatItCannotRead) {
  Pc pc;
  const auto before = pc.machine.tables;
  for (const char* target : {"", "route", "route 1.2.3.4 5.6.7.8 9", "route 1.2.3.4/32 hop 9", "interface v5 77",
                             "interface v4 77", "moon v4 77"})
    EXPECT_FALSE(put_back(pc.machine, Change{"network", target, "automatic"})) << target;
  EXPECT_FALSE(put_back(pc.machine, Change{"adapter", "name-servers v4 77", "asked"}));
  EXPECT_EQ(pc.machine.tables, before);
}

}  // namespace
}  // namespace softlan::client
