#include "runtime/identity.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace softlan::runtime {
namespace {

class IdentityFile : public testing::Test {
 protected:
  IdentityFile() { std::filesystem::remove_all(folder_); }
  ~IdentityFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("softlan-identity-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::string path_ = (folder_ / "identity.json").string();
  SeededRandom random_{1};
};

TEST_F(IdentityFile, IsMadeOnceAndThenKept) {
  const auto first = load_or_create_identity(path_, random_);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->mac.is_locally_administered());
  const auto second = load_or_create_identity(path_, random_);
  ASSERT_TRUE(second);
  EXPECT_EQ(first->mac, second->mac);
  EXPECT_EQ(first->certificate.key_pem, second->certificate.key_pem);
}

TEST_F(IdentityFile, IsReadableByItsOwnerOnly) {
  if (std::filesystem::path::preferred_separator != '/')
    GTEST_SKIP() << "Windows has lists of who may; platform's tests read them";
  ASSERT_TRUE(load_or_create_identity(path_, random_));
  const auto permissions = std::filesystem::status(path_).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(IdentityFile, ThatIsNoneIsNamedAndLeftAlone) {
  std::filesystem::create_directories(folder_);
  for (const char* content : {"", "[]", "{\"mac\": 3}", "{\"mac\":\"02:00:00:00:00:01\",\"certificate\":\"x\"}"}) {
    std::ofstream(path_) << content;
    const auto identity = load_or_create_identity(path_, random_);
    ASSERT_FALSE(identity);
    EXPECT_NE(identity.error().message.find(path_), std::string::npos);
    std::ifstream file(path_);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), content);
  }
}

}  // namespace
}  // namespace softlan::runtime
