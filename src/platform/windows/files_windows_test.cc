#include <aclapi.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/files.h"
#include "platform/windows/system_function.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {
namespace {

// How many are named by the list of who may use the file, and whether some of it came from the folders above.
struct Permissions {
  int entries = 0;
  bool inherits = true;
};

Permissions permissions_of(const std::string& path) {
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  EXPECT_EQ(GetNamedSecurityInfoW(to_wide(path).data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr,
                                  &list, nullptr, &descriptor),
            DWORD{ERROR_SUCCESS});
  SECURITY_DESCRIPTOR_CONTROL control = 0;
  DWORD revision = 0;
  EXPECT_TRUE(GetSecurityDescriptorControl(descriptor, &control, &revision));
  const Permissions permissions{.entries = list ? list->AceCount : 0, .inherits = !(control & SE_DACL_PROTECTED)};
  LocalFree(descriptor);
  return permissions;
}

// Wine keeps of permissions what fits into three times three bits.
bool is_wine() { return system_function<char*()>(L"ntdll.dll", "wine_get_version") != nullptr; }

TEST(WindowsFiles, APrivateFileIsForItsOwnerAdministratorsAndTheSystem) {
  if (is_wine()) GTEST_SKIP() << "Wine has no such permissions";
  const std::string path = ::testing::TempDir() + "softlan-private-file";
  ASSERT_TRUE(write_private_file(path, "secret"));
  EXPECT_EQ(permissions_of(path).entries, 3);
  EXPECT_FALSE(permissions_of(path).inherits);
  std::filesystem::remove(path);
}

TEST(WindowsFiles, StateIsKeptInOneFolderForAllUsers) {
  const auto folder = default_state_directory("client");
  ASSERT_TRUE(folder) << folder.error().message;
  EXPECT_TRUE(folder->ends_with("\\lanparty")) << *folder;
}

}  // namespace
}  // namespace softlan::platform
