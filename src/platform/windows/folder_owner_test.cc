#include "platform/windows/folder_owner.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "platform/files.h"

namespace softlan::platform {
namespace {

constexpr const char* kPath = "C:\\ProgramData\\lanparty";
constexpr const wchar_t* kSelf = L"S-1-5-21-1-2-3-1001";

std::string refusal_of(const FolderFacts& facts) {
  const auto judged = judge_folder(kPath, facts, kSelf);
  return judged ? "" : judged.error().message;
}

TEST(FolderOwner, ThisUserAdministratorsAndTheSystemAreTrusted) {
  for (const wchar_t* owner : {kSelf, L"S-1-5-32-544", L"S-1-5-18"}) EXPECT_EQ(refusal_of({.owner = owner}), "");
}

TEST(FolderOwner, AnotherUserIsNot) {
  for (const wchar_t* owner : {L"S-1-5-21-1-2-3-1002", L"S-1-5-32-545", L"S-1-1-0", L""})
    EXPECT_NE(refusal_of({.owner = owner}).find("belongs to another user of this PC"), std::string::npos);
}

TEST(FolderOwner, ALinkIsNotFollowedWhoeverMadeIt) {
  EXPECT_NE(refusal_of({.is_link = true, .owner = kSelf}).find("is a link"), std::string::npos);
}

TEST(FolderOwner, AFileIsNoFolder) {
  EXPECT_NE(refusal_of({.is_folder = false, .owner = kSelf}).find("is not a folder"), std::string::npos);
}

TEST(FolderOwner, AFolderOfOursIsOurs) {
  const std::string folder = ::testing::TempDir() + "softlan-own-folder";
  ASSERT_TRUE(write_private_file(folder + "\\file", ""));
  const auto checked = check_folder(folder);
  EXPECT_TRUE(checked) << checked.error().message;
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(check_folder(folder));
}

}  // namespace
}  // namespace softlan::platform
