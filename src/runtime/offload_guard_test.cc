#include "runtime/offload_guard.h"

#include <gmock/gmock.h>

#include <sstream>

#include "platform/files.h"
#include "platform/linux/offload_features.h"
#include "platform/linux/temporary_folder.h"
#include "platform/linux/test_network.h"

namespace softlan::runtime {
namespace {

using platform::active_udp_offloads;
using platform::test::in_new_network;
using platform::test::sh;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kOld = "6.1.0-18-amd64";

// An interface "lan" with an offload of the kind, in a network of its own.
struct Machine {
  platform::TemporaryFolder folder = platform::TemporaryFolder::create("softlan-offload-guard-").value();
  std::string file = folder.path() + "/offloads.json";
  std::ostringstream said;
  obs::Log log = obs::Log::to(said, obs::Level::info, obs::LogFormat::text);

  Machine() { sh("ip link add lan type veth peer name far"); }
};

TEST(OffloadGuard, OnAnOldKernelSwitchesOffWhatIsOnAndPutsItBack) {
  in_new_network([] {
    Machine machine;
    const auto before = active_udp_offloads("lan");
    EXPECT_THAT(before, Not(IsEmpty()));
    {
      OffloadGuard guard(machine.file, kOld, machine.log);
      guard.protect("lan");
      EXPECT_THAT(active_udp_offloads("lan"), IsEmpty());
    }
    EXPECT_EQ(active_udp_offloads("lan"), before);
    EXPECT_FALSE(platform::file_exists(machine.file));
    EXPECT_EQ(machine.said.str(), "");
  });
}

TEST(OffloadGuard, OnANewKernelChangesNothing) {
  in_new_network([] {
    Machine machine;
    const auto before = active_udp_offloads("lan");
    OffloadGuard guard(machine.file, "6.12.41+deb13-amd64", machine.log);
    guard.protect("lan");
    EXPECT_EQ(active_udp_offloads("lan"), before);
    EXPECT_FALSE(platform::file_exists(machine.file));
  });
}

TEST(OffloadGuard, PutsBackWhatAKilledOneLeft) {
  in_new_network([] {
    Machine machine;
    const auto before = active_udp_offloads("lan");
    OffloadGuard killed(machine.file, kOld, machine.log);
    killed.protect("lan");
    EXPECT_THAT(active_udp_offloads("lan"), IsEmpty());
    OffloadGuard next(machine.file, "6.12.0", machine.log);
    EXPECT_EQ(active_udp_offloads("lan"), before);
  });
}

TEST(OffloadGuard, WhenTheInterfaceReturnsProtectsItAgain) {
  in_new_network([] {
    Machine machine;
    OffloadGuard guard(machine.file, kOld, machine.log);
    guard.protect("lan");
    sh("ip link del lan; ip link add lan type veth peer name far");
    EXPECT_THAT(active_udp_offloads("lan"), Not(IsEmpty()));
    guard.protect("lan");
    EXPECT_THAT(active_udp_offloads("lan"), IsEmpty());
  });
}

TEST(OffloadGuard, AnInterfaceThatIsGoneCanKeepItsOffloads) {
  in_new_network([] {
    Machine machine;
    {
      OffloadGuard guard(machine.file, kOld, machine.log);
      guard.protect("lan");
      sh("ip link del lan");
    }
    EXPECT_THAT(machine.said.str(), HasSubstr("offloads not put back"));
    EXPECT_FALSE(platform::file_exists(machine.file));
  });
}

TEST(OffloadGuard, AFileOfNonsenseIsNoHindrance) {
  in_new_network([] {
    for (const char* text : {"", "[]", "{}", "{\"interface\": 1, \"offloads\": [2, null]}", "\x80{"}) {
      Machine machine;
      ASSERT_TRUE(platform::write_private_file(machine.file, text));
      OffloadGuard guard(machine.file, kOld, machine.log);
      guard.protect("lan");
      EXPECT_THAT(active_udp_offloads("lan"), IsEmpty()) << text;
      sh("ip link del lan");
    }
  });
}

}  // namespace
}  // namespace softlan::runtime
