#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "platform/files.h"
#include "platform/linux/system_error.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::platform {

namespace {

constexpr int kAttempts = 3;

std::vector<std::string> candidates() {
  std::vector<std::string> parents;
  if (const char* given = std::getenv("RUNTIME_DIRECTORY")) {
    const std::string folders = given;
    parents.push_back(folders.substr(0, folders.find(':')));
  }
  parents.insert(parents.end(), {"/run", "/tmp", "/var/tmp"});
  return parents;
}

bool allows_programs(const std::string& folder) {
  struct statvfs status{};
  return statvfs(folder.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) == 0;
}

// The lock of a folder that is ours (not a link, not another user's) and that nobody else has locked.
FileDescriptor lock_own_folder(const std::string& path) {
  FileDescriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  const bool ours = folder && fstat(folder.get(), &status) == 0 && status.st_uid == geteuid();
  if (!ours || flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return folder;
}

void remove_what_the_dead_left(const std::string& parent, std::string_view prefix) {
  std::error_code ignored;
  std::vector<std::filesystem::path> found;
  for (std::filesystem::directory_iterator entry(parent, ignored), end; entry != end; entry.increment(ignored)) {
    if (entry->path().filename().string().starts_with(prefix)) found.push_back(entry->path());
  }
  for (const auto& path : found) {
    if (const FileDescriptor lock = lock_own_folder(path)) std::filesystem::remove_all(path, ignored);
  }
}

// None when somebody else's create() took it for a leftover, between its making and its locking.
FileDescriptor make_and_lock(std::string& path) {
  if (!mkdtemp(path.data())) return {};
  FileDescriptor lock = lock_own_folder(path);
  struct stat status{};
  const bool still_there = lock && fstat(lock.get(), &status) == 0 && status.st_nlink > 0;
  return still_there ? std::move(lock) : FileDescriptor();
}

}  // namespace

Result<TemporaryFolder> TemporaryFolder::create(std::string_view prefix) {
  for (const std::string& parent : candidates()) {
    if (!allows_programs(parent)) continue;
    remove_what_the_dead_left(parent, prefix);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      std::string path = fmt::format("{}/{}XXXXXX", parent, prefix);
      if (FileDescriptor lock = make_and_lock(path)) return TemporaryFolder(std::move(path), std::move(lock));
    }
  }
  return fail("cannot create a temporary folder for scripts in {}", fmt::join(candidates(), ", "));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::string> TemporaryFolder::add_file(std::string_view name, std::string_view content, bool executable) const {
  std::string path = fmt::format("{}/{}", path_, name);
  if (auto written = write_private_file(path, content); !written) return std::unexpected(written.error());
  if (executable && chmod(path.c_str(), 0700) != 0) return fail("cannot make {} a program: {}", path, system_reason());
  return path;
}

}  // namespace softlan::platform
