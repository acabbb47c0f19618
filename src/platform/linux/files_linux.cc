#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "platform/files.h"
#include "platform/linux/file_descriptor.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Like mkdir -p, with 0700 for what is new.
Result<void> make_directories(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return fail("{} is not a folder", path);
  }
  if (const std::string parent = parent_of(path); parent != path) {
    if (auto made = make_directories(parent); !made) return made;
  }
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return fail("cannot create the folder {}: {}", path, system_reason());
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_directory(const std::string& path) {
  const FileDescriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) fsync(directory.get());
}

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string parent = parent_of(path);
  if (auto made = make_directories(parent); !made) return fail("cannot write {}: {}", path, made.error().message);
  std::string temporary = path + ".XXXXXX";
  const FileDescriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return fail("cannot write {}: {}", path, system_reason());
  const bool written = fchmod(file.get(), mode) == 0 && write_all(file.get(), content) && fsync(file.get()) == 0 &&
                       rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int error = errno;
    unlink(temporary.c_str());
    return fail("cannot write {}: {}", path, system_reason(error));
  }
  sync_directory(parent);
  return {};
}

// The value of an environment variable, or empty.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

bool file_exists(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  // Non-blocking, so that a named pipe in the place of a file does not stop the program.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail("cannot read {}: {}", path, system_reason());
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return fail("cannot read {}: {}", path, system_reason());
  if (!S_ISREG(status.st_mode)) return fail("cannot read {}: it is not a regular file", path);
  std::string content(max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = read(file.get(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail("cannot read {}: {}", path, system_reason());
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > max_bytes) return fail("cannot read {}: it is larger than {} bytes", path, max_bytes);
  content.resize(size);
  return content;
}

Result<void> write_private_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, 0600);
}

Result<void> write_public_file(const std::string& path, std::string_view content) {
  return replace_file(path, content, 0644);
}

Result<std::string> default_state_directory(std::string_view program) {
  // systemd separates several folders by colons; the first is the service's own.
  const std::string given = environment("STATE_DIRECTORY");
  if (!given.empty()) return given.substr(0, given.find(':'));
  if (geteuid() == 0) return fmt::format("/var/lib/lanparty/{}", program);
  if (const std::string state = environment("XDG_STATE_HOME"); state.starts_with('/'))
    return fmt::format("{}/lanparty/{}", state, program);
  if (const std::string home = environment("HOME"); home.starts_with('/'))
    return fmt::format("{}/.local/state/lanparty/{}", home, program);
  return fail("cannot tell where to keep files: neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME is set");
}

}  // namespace softlan::platform
