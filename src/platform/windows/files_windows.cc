#include <windows.h>
// which these need:
#include <sddl.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/check.h"
#include "platform/files.h"
#include "platform/system_random.h"
#include "platform/windows/folder_owner.h"
#include "platform/windows/handle.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

struct LocalMemory {
  void operator()(void* memory) const { LocalFree(memory); }
};

// Who may use a file or a folder, in Microsoft's security descriptor definition language: all rights for the user,
// administrators and the system, nothing that is inherited from above.
class Access {
 public:
  enum class For : std::uint8_t { owner, everybody, owner_and_below };

  explicit Access(For whom) {
    const wchar_t* const inherit = whom == For::owner_and_below ? L"OICI" : L"";
    std::wstring rules = L"D:P";
    for (const std::wstring& who : {own_sid(), std::wstring(L"BA"), std::wstring(L"SY")})
      rules += std::wstring(L"(A;") + inherit + L";FA;;;" + who + L")";
    if (whom == For::everybody) rules += L"(A;;FR;;;WD)";
    void* descriptor = nullptr;
    SOFTLAN_CHECK(
        ConvertStringSecurityDescriptorToSecurityDescriptorW(rules.c_str(), SDDL_REVISION_1, &descriptor, nullptr));
    descriptor_.reset(descriptor);
    attributes_ = {.nLength = sizeof(attributes_), .lpSecurityDescriptor = descriptor, .bInheritHandle = FALSE};
  }
  [[nodiscard]] SECURITY_ATTRIBUTES* get() { return &attributes_; }

 private:
  std::unique_ptr<void, LocalMemory> descriptor_;
  SECURITY_ATTRIBUTES attributes_{};
};

std::wstring parent_of(const std::wstring& path) {
  const std::wstring parent = std::filesystem::path(path).parent_path().wstring();
  return parent.empty() ? L"." : parent;
}

Result<void> make_directories(const std::wstring& path) {
  const DWORD attributes = GetFileAttributesW(path.c_str());
  if (attributes != INVALID_FILE_ATTRIBUTES) {
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) return {};
    return fail("{} is not a folder", to_utf8(path));
  }
  if (const std::wstring parent = parent_of(path); parent != path) {
    if (auto made = make_directories(parent); !made) return made;
  }
  Access access(Access::For::owner_and_below);
  if (CreateDirectoryW(path.c_str(), access.get()) || GetLastError() == ERROR_ALREADY_EXISTS) return {};
  return fail("cannot create the folder {}: {}", to_utf8(path), system_reason());
}

bool write_all(HANDLE file, std::string_view content) {
  while (!content.empty()) {
    DWORD count = 0;
    if (!WriteFile(file, content.data(), static_cast<DWORD>(std::min<std::size_t>(content.size(), 1U << 20)), &count,
                   nullptr))
      return false;
    content.remove_prefix(count);
  }
  return true;
}

std::wstring unused_name_beside(const std::wstring& path) {
  SystemRandom random;
  return path + to_wide(fmt::format(".{:016x}", random.next_u64()));
}

Result<void> replace_file(const std::string& path, std::string_view content, Access::For whom) {
  const std::wstring name = to_wide(path);
  if (auto made = make_directories(parent_of(name)); !made)
    return fail("cannot write {}: {}", path, made.error().message);
  const std::wstring temporary = unused_name_beside(name);
  Access access(whom);
  Handle file(
      CreateFileW(temporary.c_str(), GENERIC_WRITE, 0, access.get(), CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!file) return fail("cannot write {}: {}", path, system_reason());
  bool written = write_all(file.get(), content) && FlushFileBuffers(file.get());
  DWORD error = GetLastError();
  file.close();
  if (written) {
    written = MoveFileExW(temporary.c_str(), name.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
    error = GetLastError();
  }
  if (written) return {};
  DeleteFileW(temporary.c_str());
  return fail("cannot write {}: {}", path, system_reason(error));
}

}  // namespace

bool file_exists(const std::string& path) {
  if (GetFileAttributesW(to_wide(path).c_str()) != INVALID_FILE_ATTRIBUTES) return true;
  const DWORD error = GetLastError();
  return error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND && error != ERROR_INVALID_NAME &&
         error != ERROR_DIRECTORY;
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const std::wstring name = to_wide(path);
  const DWORD attributes = GetFileAttributesW(name.c_str());
  if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY))
    return fail("cannot read {}: it is not a regular file", path);
  const Handle file(CreateFileW(name.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!file) return fail("cannot read {}: {}", path, system_reason());
  if (GetFileType(file.get()) != FILE_TYPE_DISK) return fail("cannot read {}: it is not a regular file", path);
  std::string content(max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    DWORD count = 0;
    const auto wanted = static_cast<DWORD>(std::min<std::size_t>(content.size() - size, 1U << 20));
    if (!ReadFile(file.get(), content.data() + size, wanted, &count, nullptr))
      return fail("cannot read {}: {}", path, system_reason());
    if (count == 0) break;
    size += count;
  }
  if (size > max_bytes) return fail("cannot read {}: it is larger than {} bytes", path, max_bytes);
  content.resize(size);
  return content;
}

Result<void> write_private_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, Access::For::owner);
}

Result<void> write_public_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, Access::For::everybody);
}

// One folder for all programs, made here: another user must not make it before.
Result<std::string> default_state_directory(std::string_view) {
  const wchar_t* const data = _wgetenv(L"ProgramData");
  if (!data || !*data) return fail("cannot tell where to keep files: ProgramData is not set");
  const std::wstring folder = std::wstring(data) + L"\\lanparty";
  if (auto made = make_directories(folder); !made) return std::unexpected(made.error());
  if (auto ours = check_folder(to_utf8(folder)); !ours) return std::unexpected(ours.error());
  return to_utf8(folder);
}

}  // namespace softlan::platform
