#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "platform/linux/files.h"
#include "platform/linux/system_error.h"
#include "platform/linux/temporary_folder.h"

namespace softlan::platform {

namespace {

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

}  // namespace

Result<TemporaryFolder> TemporaryFolder::create(std::string_view prefix) {
  for (const std::string& parent : candidates()) {
    std::string path = fmt::format("{}/{}XXXXXX", parent, prefix);
    if (allows_programs(parent) && mkdtemp(path.data())) return TemporaryFolder(std::move(path));
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
