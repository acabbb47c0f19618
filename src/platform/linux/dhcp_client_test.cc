#include "platform/linux/dhcp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "platform/linux/netlink.h"
#include "platform/linux/test_network.h"
#include "platform/routes.h"

namespace softlan::platform {
namespace {

using test::sh;
using ::testing::StartsWith;

constexpr const char* kServer = "/usr/sbin/dnsmasq";

// A party's DHCP server on the other end of "player0"; it also offers a router and a name server.
class Party {
 public:
  Party() {
    sh("ip link add player0 type veth peer name far netns " + host_.path() + "; ip link set player0 up");
    host_.run([this] {
      sh("ip link set far up; ip address add 10.0.0.1/24 dev far");
      server_ =
          ChildProcess::start({kServer, "--no-daemon", "--no-ping", "--conf-file=/dev/null", "--port=0", "--user=root",
                               "--group=root", "--interface=far", "--bind-interfaces", "--leasefile-ro",
                               "--pid-file=", "--dhcp-authoritative", "--dhcp-range=10.0.0.50,10.0.0.59,1h",
                               "--dhcp-option=option:router,10.0.0.1", "--dhcp-option=option:dns-server,10.0.0.1"});
      EXPECT_TRUE(server_) << server_.error().message;
    });
  }

 private:
  test::Host host_;
  Result<ChildProcess> server_ = fail("not started");
};

// Waits until the interface has an address or has none; the kernel's word wakes us.
bool wait_for_address(const DhcpClient& client, RouteMonitor& monitor, bool wanted) {
  while (client.address().has_value() != wanted) {
    if (!test::wait_readable(monitor.fd())) return false;
    (void)monitor.drain();
  }
  return true;
}

std::string name_of(const ::testing::TestParamInfo<DhcpProgram::Kind>& given) {
  static constexpr const char* kNames[] = {"Udhcpc", "Dhclient", "Dhcpcd"};
  return kNames[static_cast<std::size_t>(given.param)];
}

class DhcpClientTest : public ::testing::TestWithParam<DhcpProgram::Kind> {};

INSTANTIATE_TEST_SUITE_P(Any, DhcpClientTest,
                         ::testing::Values(DhcpProgram::Kind::udhcpc, DhcpProgram::Kind::dhclient,
                                           DhcpProgram::Kind::dhcpcd),
                         name_of);

TEST_P(DhcpClientTest, SetsTheAddressAndNothingElse) {
  const auto program = find_dhcp_program(GetParam());
  if (!program) GTEST_SKIP() << "this DHCP client is not installed";
  if (access(kServer, X_OK) != 0) GTEST_SKIP() << "no dnsmasq to answer";
  test::in_new_network([&] {
    const Party party;
    auto monitor = RouteMonitor::open();
    ASSERT_TRUE(monitor) << monitor.error().message;
    auto client = DhcpClient::start("player0", *program);
    ASSERT_TRUE(client) << client.error().message;
    ASSERT_TRUE(wait_for_address(*client, *monitor, true));
    EXPECT_THAT(*client->address(), StartsWith("10.0.0.5"));
    EXPECT_TRUE(client->address()->ends_with("/24")) << *client->address();
    EXPECT_FALSE(best_route(parse_ip("192.0.2.1").value())) << "there is a default route";
    EXPECT_TRUE(client->running());

    sh("ip address flush dev player0");
    ASSERT_TRUE(client->restart());
    EXPECT_TRUE(wait_for_address(*client, *monitor, true));
  });
}

TEST(DhcpClient, AMissingInterfaceIsSaidSo) {
  const auto client = DhcpClient::start("nosuch0", DhcpProgram{.path = "/bin/true"});
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().message, "cannot ask for an address on nosuch0: there is no such interface");
}

TEST(DhcpClient, LeavesNoFilesBehind) {
  std::string path;
  {
    const auto folder = TemporaryFolder::create("lanparty-dhcp-");
    ASSERT_TRUE(folder) << folder.error().message;
    path = folder->path();
    ASSERT_TRUE(dhcp_command({.path = "/sbin/udhcpc"}, "player0", *folder));
    EXPECT_TRUE(std::filesystem::exists(path + "/address"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace softlan::platform
