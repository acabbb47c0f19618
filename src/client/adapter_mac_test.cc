#include "client/adapter_mac.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace softlan::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const proto::Mac kBuiltIn{{0, 0xff, 0x5e, 1, 2, 3}};
const proto::Mac kOurs{{2, 0, 0x5e, 0x10, 0, 1}};

// One adapter, which reads its MAC when it starts; its n-th step (counted from one) can be made to fail.
class OneAdapter final : public TapAdapters {
 public:
  OneAdapter() {
    adapter.guid = "{01}";
    adapter.name = "softlan";
  }

  std::vector<TapAdapter> list() override { return present ? std::vector{adapter} : std::vector<TapAdapter>{}; }
  Result<TapAdapter> create(const std::string&) override { return adapter; }
  Result<HardwareAddress> hardware_address(const TapAdapter&) override {
    if (auto step = next("ask"); !step) return std::unexpected(step.error());
    return mac.bytes;
  }
  Result<void> set_network_address(const TapAdapter&, const std::optional<std::string>& address) override {
    if (auto step = next("set " + address.value_or("nothing")); !step) return step;
    adapter.network_address = address;
    return {};
  }
  Result<void> restart(const TapAdapter&) override {
    if (auto step = next("restart"); !step) return step;
    const auto& address = adapter.network_address;
    if (!stubborn) mac = address ? *proto::parse_mac(with_colons(*address)) : kBuiltIn;
    return {};
  }

  TapAdapter adapter;
  proto::Mac mac = kBuiltIn;
  bool present = true;
  bool stubborn = false;
  std::size_t failing = 0;
  std::vector<std::string> steps;

 private:
  static std::string with_colons(const std::string& digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); i += 2) text += (i ? ":" : "") + digits.substr(i, 2);
    return text;
  }
  Result<void> next(std::string what) {
    steps.push_back(std::move(what));
    if (steps.size() == failing) return fail("step {} failed", failing);
    return {};
  }
};

class Memory final : public Undo {
 public:
  Result<void> remember(const Change& change) override {
    if (broken) return fail("disk full");
    changes.insert(change);
    return {};
  }
  void forget(const Change& change) override { changes.erase(change); }

  std::set<Change> changes;
  bool broken = false;
};

struct AdapterMacTest : ::testing::Test {
  OneAdapter windows;
  Memory memory;
  AdapterMac subject{windows, memory};
};

TEST_F(AdapterMacTest, IsOursAfterARestart) {
  ASSERT_TRUE(subject.take(windows.adapter, kOurs));
  EXPECT_EQ(windows.mac, kOurs);
  EXPECT_THAT(windows.steps, ElementsAre("ask", "set 02005E100001", "restart", "ask"));
}

TEST_F(AdapterMacTest, IsLeftAloneWhenItIsOursAlready) {
  windows.mac = kOurs;
  ASSERT_TRUE(subject.take(windows.adapter, kOurs));
  ASSERT_TRUE(subject.give_back());
  EXPECT_THAT(windows.steps, ElementsAre("ask"));
}

TEST_F(AdapterMacTest, IsRememberedBeforeItIsChangedAndForgottenWhenItIsBack) {
  ASSERT_TRUE(subject.take(windows.adapter, kOurs));
  EXPECT_THAT(memory.changes, ElementsAre(Change{"adapter-mac", "{01}", ""}));
  ASSERT_TRUE(subject.give_back());
  EXPECT_EQ(windows.mac, kBuiltIn);
  EXPECT_TRUE(memory.changes.empty());
}

TEST_F(AdapterMacTest, ThatSomebodyHadSetIsBackAfterwards) {
  windows.adapter.network_address = "020000000009";
  {
    AdapterMac scoped(windows, memory);
    ASSERT_TRUE(scoped.take(windows.adapter, kOurs));
  }
  EXPECT_EQ(windows.adapter.network_address, "020000000009");
  EXPECT_EQ(windows.mac, (proto::Mac{{2, 0, 0, 0, 0, 9}}));
}

TEST_F(AdapterMacTest, IsNotTouchedWhenItCannotBeRemembered) {
  memory.broken = true;
  EXPECT_FALSE(subject.take(windows.adapter, kOurs));
  EXPECT_THAT(windows.steps, ElementsAre("ask"));
}

TEST_F(AdapterMacTest, OfAnAdapterThatKeepsItsOwnIsAnErrorAndNothingStaysChanged) {
  windows.stubborn = true;
  const auto taken = subject.take(windows.adapter, kOurs);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("keeps its MAC 00:ff:5e:01:02:03"));
  EXPECT_EQ(windows.adapter.network_address, std::nullopt);
  EXPECT_TRUE(memory.changes.empty());
}

TEST_F(AdapterMacTest, IsAsBeforeWhateverStepFails) {
  for (windows.failing = 1; windows.failing <= 4; ++windows.failing) {
    windows.steps.clear();
    AdapterMac scoped(windows, memory);
    EXPECT_FALSE(scoped.take(windows.adapter, kOurs)) << "step " << windows.failing;
    EXPECT_EQ(windows.mac, kBuiltIn) << "step " << windows.failing;
    EXPECT_EQ(windows.adapter.network_address, std::nullopt) << "step " << windows.failing;
    EXPECT_TRUE(memory.changes.empty()) << "step " << windows.failing;
  }
}

TEST_F(AdapterMacTest, StaysRememberedForTheNextStartWhenItCannotBePutBack) {
  ASSERT_TRUE(subject.take(windows.adapter, kOurs));
  windows.failing = windows.steps.size() + 2;
  EXPECT_FALSE(subject.give_back());
  ASSERT_EQ(memory.changes.size(), 1u);
  windows.failing = 0;
  ASSERT_TRUE(AdapterMac::put_back(windows, *memory.changes.begin()));
  EXPECT_EQ(windows.mac, kBuiltIn);
}

TEST_F(AdapterMacTest, OfAnAdapterThatIsNoMoreNeedsNothing) {
  windows.present = false;
  EXPECT_TRUE(AdapterMac::put_back(windows, Change{"adapter-mac", "{01}", ""}));
  EXPECT_TRUE(windows.steps.empty());
}

}  // namespace
}  // namespace softlan::client
