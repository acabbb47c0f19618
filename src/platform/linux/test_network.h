// Network namespaces for tests: a test that wants interfaces runs in a forked child with a network of its own, where it
// may create what it likes without touching the machine's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "platform/linux/file_descriptor.h"

namespace softlan::platform::test {

// Runs `body` in a child process inside a fresh user and network namespace, loopback up. Failed expectations inside
// fail the calling test; where the kernel allows no namespaces the calling test is skipped.
void in_new_network(const std::function<void()>& body);

// A further network namespace beside the current one: another machine. Only inside in_new_network().
class Host {
 public:
  Host();

  // Runs `action` on that machine: sockets it opens and commands it runs are there.
  void run(const std::function<void()>& action) const;
  // A path for "ip link set ... netns".
  [[nodiscard]] std::string path() const;

 private:
  FileDescriptor network_;
};

// Gives up every right over the network, for the rest of in_new_network().
void become_ordinary_user();

// Runs shell commands, each of which must succeed.
void sh(const std::string& commands);

// Sends one datagram of `size` bytes from the machine's own stack.
void send_udp(const char* ip, std::uint16_t port, std::size_t size);

// Waits until `fd` is readable; false after five seconds.
[[nodiscard]] bool wait_readable(int fd);

}  // namespace softlan::platform::test
