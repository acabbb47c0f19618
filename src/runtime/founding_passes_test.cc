#include "runtime/founding_passes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "auth/verifier.h"

namespace softlan::runtime {
namespace {

class FoundingPassesFile : public testing::Test {
 protected:
  FoundingPassesFile() { std::filesystem::remove_all(folder_); }
  ~FoundingPassesFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("softlan-passes-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::string path_ = (folder_ / "passes.json").string();
  SeededRandom random_{1};
};

TEST_F(FoundingPassesFile, HasNoneBeforeTheyAreMade) {
  const auto passes = load_founding_passes(path_, "relay.example.org:443", "ROOM1");
  ASSERT_TRUE(passes);
  EXPECT_TRUE(passes->empty());
}

TEST_F(FoundingPassesFile, KeepsThemByRelayAndRoom) {
  const auto made = make_founding_passes(path_, "relay.example.org:443", "ROOM1", random_);
  ASSERT_TRUE(made);
  ASSERT_TRUE(make_founding_passes(path_, "relay.example.org:443", "ROOM2", random_));
  const auto kept = load_founding_passes(path_, "relay.example.org:443", "ROOM1");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->client, made->client);
  EXPECT_EQ(kept->gateway, made->gateway);
  EXPECT_EQ(kept->found, made->found);
  EXPECT_TRUE(load_founding_passes(path_, "other.example.org:443", "ROOM1")->empty());
}

TEST_F(FoundingPassesFile, HasAPassAndAVerifierForEachRole) {
  const auto made = make_founding_passes(path_, "relay.example.org:443", "ROOM1", random_);
  ASSERT_TRUE(made);
  EXPECT_NE(made->client, made->gateway);
  EXPECT_TRUE(auth::parse_verifier(made->found.client));
  EXPECT_TRUE(auth::parse_verifier(made->found.gateway));
}

TEST_F(FoundingPassesFile, IsReadableByItsOwnerOnly) {
  ASSERT_TRUE(make_founding_passes(path_, "relay.example.org:443", "ROOM1", random_));
  const auto permissions = std::filesystem::status(path_).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(FoundingPassesFile, ThatIsNoneIsNamedAndLeftAlone) {
  std::filesystem::create_directories(folder_);
  std::ofstream(path_) << "[]";
  const auto made = make_founding_passes(path_, "relay.example.org:443", "ROOM1", random_);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find(path_), std::string::npos);
}

}  // namespace
}  // namespace softlan::runtime
