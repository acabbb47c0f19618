#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "platform/files.h"
#include "platform/linux/local_socket.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr int kBacklog = 8;

Result<sockaddr_un> name_of(const std::string& path) {
  sockaddr_un name{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.empty() || path.size() >= sizeof(name.sun_path)) {
    return fail("{}: the path of a socket has 1 to {} characters", path, sizeof(name.sun_path) - 1);
  }
  path.copy(name.sun_path, path.size());
  return name;
}

const sockaddr* as_any(const sockaddr_un& name) { return reinterpret_cast<const sockaddr*>(&name); }

bool connects(int fd, const sockaddr_un& name) { return connect(fd, as_any(name), sizeof(name)) == 0; }
bool binds(int fd, const sockaddr_un& name) { return bind(fd, as_any(name), sizeof(name)) == 0; }

FileDescriptor new_socket(int flags) { return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0)); }

// Whether a socket at this path was left behind by a program that is no more.
bool is_abandoned(const std::string& path, const sockaddr_un& name) {
  struct stat status{};
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const FileDescriptor trial = new_socket(SOCK_NONBLOCK);
  return trial && !connects(trial.get(), name) && errno == ECONNREFUSED;
}

std::uint64_t inode_of(const std::string& path) {
  struct stat status{};
  return lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool may_ask(int fd) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == geteuid();
}

void set_patience(int fd, Duration patience) {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
  const timeval time{.tv_sec = microseconds / 1000000, .tv_usec = microseconds % 1000000};
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string root_socket_path(std::string_view program) { return fmt::format("/run/lanparty/{}.sock", program); }
std::string service_socket_path(std::string_view program) {
  return fmt::format("/run/lanparty-{}/{}.sock", program, program);
}

}  // namespace

std::optional<std::size_t> LocalStream::read(MutableBytes room) {
  const ssize_t count = recv(socket_.get(), room.data(), room.size(), 0);
  if (count >= 0) return static_cast<std::size_t>(count);
  return would_block() ? std::nullopt : std::optional<std::size_t>(0);
}

std::optional<std::size_t> LocalStream::write(std::string_view text) {
  const ssize_t count = send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  return would_block() ? std::optional<std::size_t>(0) : std::nullopt;
}

LocalListener::LocalListener(FileDescriptor socket, std::string path)
    : socket_(std::move(socket)), path_(std::move(path)), inode_(inode_of(path_)) {}

LocalListener::~LocalListener() {
  if (socket_ && inode_of(path_) == inode_) unlink(path_.c_str());
}

Result<LocalListener> LocalListener::open(const std::string& path) {
  const auto name = name_of(path);
  if (!name) return std::unexpected(name.error());
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty()) (void)mkdir(folder.c_str(), 0700);
  FileDescriptor socket = new_socket(SOCK_NONBLOCK);
  // The file takes its mode from the socket, so that there is no moment at which others could connect.
  if (!socket || fchmod(socket.get(), 0600) != 0) return fail("cannot open a socket: {}", system_reason());
  bool bound = binds(socket.get(), *name);
  if (!bound && errno == EADDRINUSE) {
    if (!is_abandoned(path, *name)) return fail("{} is in use by another program", path);
    unlink(path.c_str());
    bound = binds(socket.get(), *name);
  }
  if (!bound || listen(socket.get(), kBacklog) != 0) return fail("cannot listen at {}: {}", path, system_reason());
  return LocalListener(std::move(socket), path);
}

std::optional<LocalStream> LocalListener::accept() {
  for (;;) {
    FileDescriptor stream(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!stream) return std::nullopt;
    if (may_ask(stream.get())) return LocalStream(std::move(stream));
  }
}

Result<std::string> ask(const std::string& path, std::string_view request, std::size_t max_bytes, Duration patience) {
  const auto name = name_of(path);
  if (!name) return std::unexpected(name.error());
  const FileDescriptor socket = new_socket(0);
  if (!socket) return fail("cannot open a socket: {}", system_reason());
  set_patience(socket.get(), patience);
  if (!connects(socket.get(), *name)) {
    if (errno == EACCES || errno == EPERM) return fail("{} belongs to another user; ask as that user or as root", path);
    if (errno == ENOENT || errno == ECONNREFUSED) return fail("nothing answers at {}", path);
    return fail("cannot connect to {}: {}", path, system_reason());
  }
  while (!request.empty()) {
    const ssize_t count = send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (count < 0) return fail("{} does not listen: {}", path, system_reason());
    request.remove_prefix(static_cast<std::size_t>(count));
  }
  shutdown(socket.get(), SHUT_WR);
  std::string answer(max_bytes, '\0');
  std::size_t size = 0;
  while (size < answer.size()) {
    const ssize_t count = recv(socket.get(), answer.data() + size, answer.size() - size, 0);
    if (count < 0) return fail("no answer from {}: {}", path, system_reason());
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  answer.resize(size);
  if (answer.empty()) return fail("{} would not answer: it is busy, or belongs to another user", path);
  return answer;
}

std::string default_socket_path(std::string_view program) {
  const std::string given = environment("RUNTIME_DIRECTORY");
  if (!given.empty()) return fmt::format("{}/{}.sock", given.substr(0, given.find(':')), program);
  if (geteuid() == 0) return root_socket_path(program);
  const std::string user = environment("XDG_RUNTIME_DIR");
  return user.starts_with('/') ? fmt::format("{}/lanparty/{}.sock", user, program) : std::string();
}

std::string find_socket(std::string_view program) {
  for (const std::string& path : {default_socket_path(program), service_socket_path(program)}) {
    if (!path.empty() && file_exists(path)) return path;
  }
  return root_socket_path(program);
}

}  // namespace softlan::platform
