#include <windows.h>
// which these need:
#include <aclapi.h>
#include <sddl.h>

#include <array>
#include <cstdint>
#include <memory>

#include "base/check.h"
#include "platform/windows/folder_owner.h"
#include "platform/windows/handle.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

constexpr std::wstring_view kAdministrators = L"S-1-5-32-544";
constexpr std::wstring_view kSystem = L"S-1-5-18";

struct LocalMemory {
  void operator()(void* memory) const { LocalFree(memory); }
};

std::wstring text_of(PSID sid) {
  wchar_t* text = nullptr;
  SOFTLAN_CHECK(ConvertSidToStringSidW(sid, &text));
  const std::unique_ptr<wchar_t, LocalMemory> owned(text);
  return text;
}

Result<FolderFacts> look_at(const std::string& path) {
  const Handle folder(CreateFileW(to_wide(path).c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                  FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
  BY_HANDLE_FILE_INFORMATION information{};
  if (!folder || !GetFileInformationByHandle(folder.get(), &information))
    return fail("cannot look at the folder {}: {}", path, system_reason());
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error = GetSecurityInfo(folder.get(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, nullptr,
                                      nullptr, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) return fail("cannot tell whose folder {} is: {}", path, system_reason(error));
  const std::unique_ptr<void, LocalMemory> owned(descriptor);
  return FolderFacts{.is_folder = (information.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0,
                     .is_link = (information.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0,
                     .owner = text_of(owner)};
}

}  // namespace

std::wstring own_sid() {
  HANDLE opened = nullptr;
  SOFTLAN_CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened));
  const Handle token(opened);
  alignas(TOKEN_USER) std::array<std::uint8_t, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> user{};
  DWORD size = user.size();
  SOFTLAN_CHECK(GetTokenInformation(token.get(), TokenUser, user.data(), size, &size));
  return text_of(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid);
}

Result<void> judge_folder(const std::string& path, const FolderFacts& facts, const std::wstring& self) {
  constexpr const char* kAdvice = "delete it as administrator and start this program again";
  if (facts.is_link) return fail("{} is a link that leads elsewhere, where others may change files; {}", path, kAdvice);
  if (!facts.is_folder) return fail("{} is not a folder; {}", path, kAdvice);
  if (facts.owner == self || facts.owner == kAdministrators || facts.owner == kSystem) return {};
  return fail("the folder {} belongs to another user of this PC ({}), who may change files in it; {}", path,
              to_utf8(facts.owner), kAdvice);
}

Result<void> check_folder(const std::string& path) {
  const auto facts = look_at(path);
  if (!facts) return std::unexpected(facts.error());
  return judge_folder(path, *facts, own_sid());
}

}  // namespace softlan::platform
