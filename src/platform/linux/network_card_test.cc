#include "platform/linux/network_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/linux/neighbours.h"
#include "platform/linux/temporary_folder.h"
#include "platform/linux/test_network.h"

namespace softlan::platform {
namespace {

using test::sh;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A sysfs in which the interface with this index looks as a test wants.
class Sysfs {
 public:
  Sysfs(std::string name, int index)
      : folder_(TemporaryFolder::create("softlan-card-").value()), name_(std::move(name)) {
    std::filesystem::create_directories(card());
    put("ifindex", std::to_string(index));
  }
  void put(const std::string& file, const std::string& text) { std::ofstream(card() + "/" + file) << text << "\n"; }
  void put_folder(const std::string& name) { std::filesystem::create_directories(card() + "/" + name); }
  [[nodiscard]] std::string path() const { return folder_.path(); }

 private:
  [[nodiscard]] std::string card() const { return folder_.path() + "/" + name_; }
  TemporaryFolder folder_;
  std::string name_;
};

void add_lan() { sh("ip link add lan type veth peer name far; ip link set lan up; ip link set far up"); }

TEST(NetworkCard, OneThatIsNotThereHasNoIndex) {
  test::in_new_network([] {
    EXPECT_EQ(look_at_card("eth9").index, 0);
    EXPECT_EQ(look_at_card("not a name").index, 0);
    EXPECT_EQ(look_at_card("much_too_long_a_name").index, 0);
  });
}

TEST(NetworkCard, IsSeenAsItIs) {
  test::in_new_network([] {
    add_lan();
    const doctor::Card card = look_at_card("lan");
    EXPECT_NE(card.index, 0);
    EXPECT_TRUE(card.ethernet);
    EXPECT_TRUE(card.up);
    EXPECT_TRUE(card.carrier);
    EXPECT_EQ(card.kind, "veth");
    EXPECT_EQ(card.owner, "");
    EXPECT_FALSE(card.proxy_arp);
    EXPECT_FALSE(look_at_card("lo").ethernet);
    sh("ip link set far down");
    EXPECT_FALSE(look_at_card("lan").carrier);
  });
}

TEST(NetworkCard, SpeedDuplexAndWifiComeFromSysfs) {
  test::in_new_network([] {
    add_lan();
    Sysfs sysfs("lan", look_at_card("lan").index);
    sysfs.put("speed", "100");
    sysfs.put("duplex", "half");
    doctor::Card card = look_at_card("lan", sysfs.path());
    EXPECT_EQ(card.megabits, 100u);
    EXPECT_EQ(card.duplex, doctor::Duplex::half);
    EXPECT_FALSE(card.wireless);
    sysfs.put("speed", "-1");
    sysfs.put("duplex", "unknown");
    sysfs.put_folder("phy80211");
    card = look_at_card("lan", sysfs.path());
    EXPECT_EQ(card.megabits, std::nullopt);
    EXPECT_EQ(card.duplex, doctor::Duplex::unknown);
    EXPECT_TRUE(card.wireless);
  });
}

TEST(NetworkCard, AnotherMachinesSysfsIsNotBelieved) {
  test::in_new_network([] {
    add_lan();
    Sysfs sysfs("lan", look_at_card("lan").index + 1);
    sysfs.put_folder("wireless");
    EXPECT_FALSE(look_at_card("lan", sysfs.path()).wireless);
  });
}

TEST(NetworkCard, BridgesTheirPartsAndMacvlansAreKnown) {
  test::in_new_network([] {
    add_lan();
    sh("ip link add br0 type bridge; ip link set lan master br0; ip link add link far name sub type macvlan");
    EXPECT_EQ(look_at_card("lan").owner, "br0");
    EXPECT_EQ(look_at_card("lan").owner_kind, "bridge");
    EXPECT_EQ(look_at_card("br0").kind, "bridge");
    EXPECT_EQ(look_at_card("sub").kind, "macvlan");
  });
}

TEST(NetworkCard, ProxyArpIsSeen) {
  test::in_new_network([] {
    add_lan();
    sh("echo 1 > /proc/sys/net/ipv4/conf/lan/proxy_arp");
    EXPECT_TRUE(look_at_card("lan").proxy_arp);
  });
}

TEST(MissingRights, AreThoseAnOrdinaryUserLacks) {
  test::in_new_network([] {
    EXPECT_THAT(missing_rights(), IsEmpty());
    test::become_ordinary_user();
    EXPECT_THAT(missing_rights(), ElementsAre("CAP_NET_RAW", "CAP_NET_ADMIN"));
  });
}

TEST(Neighbours, AreRoutersFirstAndThenWhoHasAnswered) {
  test::in_new_network([] {
    add_lan();
    sh("ip address add 10.77.0.20/24 dev lan; ip route add default via 10.77.0.1 dev lan; "
       "ip neighbour add 10.77.0.5 lladdr 02:00:00:00:00:05 dev lan nud reachable; "
       "ip neighbour add 10.77.0.6 dev lan nud failed; "
       "ip neighbour add 10.77.0.7 lladdr 02:00:00:00:00:07 dev far nud reachable");
    const int index = look_at_card("lan").index;
    EXPECT_THAT(known_hosts(index), ElementsAre(parse_ip("10.77.0.1").value(), parse_ip("10.77.0.5").value()));
    EXPECT_THAT(own_addresses(index), ElementsAre(parse_ip("10.77.0.20").value()));
  });
}

TEST(Machine, NamesItsProgramAndItsInterfaces) {
  test::in_new_network([] {
    add_lan();
    const doctor::Machine machine = look_at_machine();
    EXPECT_TRUE(machine.program.ends_with("platform_test")) << machine.program;
    EXPECT_THAT(machine.interfaces, Contains("lan"));
    EXPECT_FALSE(machine.kernel.empty());
  });
}

}  // namespace
}  // namespace softlan::platform
