#include "platform/linux/test_network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/check.h"
#include "base/result.h"
#include "platform/linux/udp_socket.h"

namespace softlan::platform::test {

namespace {

constexpr int kFailed = 1;
constexpr int kNoNamespaces = 77;
constexpr int kWaitMilliseconds = 5000;

bool write_text(const char* path, const std::string& text) {
  const FileDescriptor file(open(path, O_WRONLY | O_CLOEXEC));
  return file && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool enter_new_network() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return unshare(CLONE_NEWNET) == 0;
  write_text("/proc/self/setgroups", "deny");
  return write_text("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
         write_text("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

[[noreturn]] void run_as_child(const std::function<void()>& body) {
  if (!enter_new_network()) _exit(kNoNamespaces);
  sh("ip link set lo up");
  body();
  std::fflush(nullptr);
  _exit(::testing::Test::HasFailure() ? kFailed : 0);
}

FileDescriptor current_network() { return FileDescriptor(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)); }

}  // namespace

void in_new_network(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) run_as_child(body);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "the test's child process was ended by signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == kNoNamespaces) GTEST_SKIP() << "this kernel lets nobody here create network namespaces";
  EXPECT_EQ(WEXITSTATUS(status), 0) << "failed inside its network namespace, see above";
}

Host::Host() {
  const FileDescriptor home = current_network();
  SOFTLAN_CHECK(home && unshare(CLONE_NEWNET) == 0);
  network_ = current_network();
  sh("ip link set lo up");
  SOFTLAN_CHECK(setns(home.get(), CLONE_NEWNET) == 0);
}

void Host::run(const std::function<void()>& action) const {
  const FileDescriptor home = current_network();
  SOFTLAN_CHECK(setns(network_.get(), CLONE_NEWNET) == 0);
  action();
  SOFTLAN_CHECK(setns(home.get(), CLONE_NEWNET) == 0);
}

std::string Host::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), network_.get()); }

void become_ordinary_user() {
  constexpr uid_t kNobody = 65534;
  // In a chroot nobody gets a user namespace, but there root can give its rights away.
  ASSERT_TRUE(unshare(CLONE_NEWUSER) == 0 || setresuid(kNobody, kNobody, kNobody) == 0);
}

void sh(const std::string& commands) {
  const std::string script = "set -e; PATH=$PATH:/usr/sbin:/sbin; " + commands;
  EXPECT_EQ(std::system(script.c_str()), 0) << commands;
}

void send_udp(const char* ip, std::uint16_t port, std::size_t size) {
  auto socket = UdpSocket::connect({.ip = parse_ip(ip).value(), .port = port}, "");
  ASSERT_TRUE(socket) << socket.error().message;
  SendBatch batch(size, 1);
  std::ranges::fill(batch.reserve(size), std::uint8_t{0x55});
  batch.commit(size, {.local = socket->local(), .remote = {.ip = parse_ip(ip).value(), .port = port}}, 0);
  EXPECT_EQ(socket->send(batch, 0).sent, 1U);
  EXPECT_EQ(socket->errors(), 0U);
}

bool wait_readable(int fd) {
  pollfd event{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&event, 1, kWaitMilliseconds) == 1;
}

}  // namespace softlan::platform::test
