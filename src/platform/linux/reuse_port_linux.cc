#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "platform/linux/reuse_port.h"
#include "platform/linux/socket_options.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr std::uint32_t kLongHeader = 0x80;
constexpr std::uint32_t kInitialIdSize = 16;

// Offsets are from the beginning of the UDP payload. A load beyond its end makes the program answer 0.
std::array<sock_filter, 11> chooser(std::uint32_t sockets) {
  return {{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),                      //
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kLongHeader, 2, 0),    // to "id size"
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 1),                      // short header: first byte of the id
      BPF_JUMP(BPF_JMP | BPF_JA, 5, 0, 0),                        // to "choose"
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 5),                      // id size
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kInitialIdSize, 2, 0),  // to "room hash"
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),                      // first byte of the id
      BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),                        // to "choose"
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),                      // room hash
      BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, sockets),               // choose
      BPF_STMT(BPF_RET | BPF_A, 0),                               //
  }};
}

}  // namespace

// The first has the port to itself at first, and shares it then: so nobody else is at it already.
Result<std::vector<UdpSocket>> bind_together(const SocketAddress& local, std::size_t count) {
  SOFTLAN_CHECK(count > 0);
  auto first = UdpSocket::bind(local);
  if (!first) return std::unexpected(first.error());
  std::vector<UdpSocket> group;
  group.push_back(*std::move(first));
  const SocketAddress place = group.front().local();
  if (count > 1 && !set_option(group.front().fd(), SOL_SOCKET, SO_REUSEPORT, 1))
    return fail("cannot share {} between threads: {}; start with --threads 1", to_string(place), system_reason());
  while (group.size() < count) {
    auto next = UdpSocket::bind(place, PortUse::shared);
    if (!next) return std::unexpected(next.error());
    group.push_back(*std::move(next));
  }
  return group;
}

Result<void> steer_by_connection_id(std::span<const UdpSocket> group) {
  if (group.size() < 2) return {};
  auto code = chooser(static_cast<std::uint32_t>(group.size()));
  const sock_fprog program{.len = static_cast<unsigned short>(code.size()), .filter = code.data()};
  const int fd = group.front().fd();
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program)) == 0) return {};
  return fail("the kernel does not take the choice of workers: {}", system_reason());
}

}  // namespace softlan::platform
