#include "platform/linux/interface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/linux/test_network.h"

namespace softlan::platform {
namespace {

using ::testing::ElementsAre;

TEST(Interface, NamesAreShortPrintableAndWithoutSeparators) {
  EXPECT_TRUE(is_interface_name("lanparty0"));
  EXPECT_TRUE(is_interface_name("exactly15chars_"));
  EXPECT_FALSE(is_interface_name("sixteen_letters_"));
  for (const char* name : {"", ".", "..", "a b", "a/b", "a:1", "tap%d", "a\n", "\xc3\xa9"})
    EXPECT_FALSE(is_interface_name(name)) << name;
}

TEST(Interface, OneThatIsNotThereHasNoStateAndNoAddress) {
  EXPECT_EQ(interface_state("nosuch0"), InterfaceState{});
  EXPECT_EQ(interface_state("not a name"), InterfaceState{});
  EXPECT_EQ(ipv4_address("nosuch0"), std::nullopt);
}

TEST(Interface, ListsThoseThatCarryEthernet) {
  test::in_new_network([] {
    test::sh("ip link add port0 type veth peer name port1; ip link add br0 type bridge");
    EXPECT_THAT(interface_names(), ElementsAre("br0", "port0", "port1"));
  });
}

TEST(Interface, StateFollowsSwitchAndCable) {
  test::in_new_network([] {
    test::sh("ip link add port0 type veth peer name port1");
    EXPECT_EQ(interface_state("port0"), (InterfaceState{.exists = true, .up = false, .carrier = false}));
    test::sh("ip link set port0 up");
    EXPECT_EQ(interface_state("port0"), (InterfaceState{.exists = true, .up = true, .carrier = false}));
    test::sh("ip link set port1 up");
    EXPECT_EQ(interface_state("port0"), (InterfaceState{.exists = true, .up = true, .carrier = true}));
  });
}

TEST(Interface, AddressComesWithItsPrefix) {
  test::in_new_network([] {
    test::sh("ip link add port0 type veth peer name port1; ip address add 192.168.77.23/20 dev port0");
    EXPECT_EQ(ipv4_address("port0"), "192.168.77.23/20");
    EXPECT_EQ(ipv4_address("port1"), std::nullopt);
  });
}

}  // namespace
}  // namespace softlan::platform
