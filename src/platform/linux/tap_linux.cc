#include "platform/linux/tap.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "platform/linux/interface.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

ifreq request_for(std::string_view name) {
  ifreq request{};
  std::ranges::copy(name, request.ifr_name);
  return request;
}

std::unexpected<Error> cannot_create(std::string_view name, int error) {
  switch (error) {
    case EPERM:
    case EACCES:
      return fail("cannot create the TAP {}: creating a TAP needs root or CAP_NET_ADMIN", name);
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return fail("cannot create the TAP {}: /dev/net/tun is missing; load it with: modprobe tun", name);
    case EBUSY:
      return fail("cannot create the TAP {}: an interface of that name exists; choose another with --tap", name);
    default:
      return fail("cannot create the TAP {}: {}", name, system_reason(error));
  }
}

Result<void> set_interface_mtu(int socket, const std::string& name, std::uint16_t mtu) {
  ifreq request = request_for(name);
  request.ifr_mtu = mtu;
  if (ioctl(socket, SIOCSIFMTU, &request) == 0) return {};
  return fail("cannot give the TAP {} an MTU of {}: {}", name, mtu, system_reason());
}

// Sets MAC, MTU and "up" by the classic requests of netdevice(7).
Result<void> configure(const std::string& name, const proto::Mac& mac, std::uint16_t mtu) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  mac.store(reinterpret_cast<std::uint8_t*>(request.ifr_hwaddr.sa_data));
  if (ioctl(socket.get(), SIOCSIFHWADDR, &request) != 0)
    return fail("cannot give the TAP {} the MAC {}: {}", name, to_string(mac), system_reason());
  if (auto set = set_interface_mtu(socket.get(), name, mtu); !set) return set;
  request = request_for(name);
  if (ioctl(socket.get(), SIOCGIFFLAGS, &request) == 0) {
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    if (ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0) return {};
  }
  return fail("cannot bring the TAP {} up: {}", name, system_reason());
}

}  // namespace

Result<Tap> Tap::create(std::string_view name, const proto::Mac& mac, std::uint16_t mtu) {
  if (!is_interface_name(name))
    return fail("'{}' cannot be the name of an interface: 1 to 15 characters, no blanks, '/', ':' or '%'",
                printable(name));
  ifreq request = request_for(name);
  if (if_nametoindex(request.ifr_name) != 0) return cannot_create(name, EBUSY);
  FileDescriptor device(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) return cannot_create(name, errno);
  request.ifr_flags = static_cast<short>(IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL);
  if (ioctl(device.get(), TUNSETIFF, &request) != 0) return cannot_create(name, errno);
  Tap tap(std::move(device), request.ifr_name, static_cast<int>(if_nametoindex(request.ifr_name)));
  if (auto off = tap.set_carrier(false); !off) return std::unexpected(off.error());
  if (auto configured = configure(tap.name_, mac, mtu); !configured) return std::unexpected(configured.error());
  return tap;
}

Result<void> Tap::set_mtu(std::uint16_t mtu) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return set_interface_mtu(socket.get(), name_, mtu);
}

Result<void> Tap::set_carrier(bool on) {
  int value = on ? 1 : 0;
  if (ioctl(device_.get(), TUNSETCARRIER, &value) == 0) return {};
  return fail("cannot switch the carrier of {} {}: {}", name_, on ? "on" : "off", system_reason());
}

Tap::ReadResult Tap::read(FramePool& pool, std::vector<FrameRef>& out, std::size_t max) {
  ReadResult result;
  for (std::size_t count = 0; count < max; ++count) {
    FrameRef frame = pool.acquire(kMaxFrameSize);
    std::uint8_t rest[64];  // where a frame too long for its buffer shows, and every frame without a buffer goes
    iovec parts[2] = {{}, {.iov_base = rest, .iov_len = sizeof(rest)}};
    if (frame) parts[0] = {.iov_base = frame.mutable_bytes().data(), .iov_len = frame.size()};
    const ssize_t size = readv(device_.get(), parts, 2);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      result.gone = errno != EAGAIN && errno != EWOULDBLOCK;
      return result;
    }
    if (!frame) {
      ++result.no_buffer;
    } else if (static_cast<std::size_t>(size) > kMaxFrameSize) {
      ++result.oversized;
    } else {
      frame.resize(static_cast<std::size_t>(size));
      out.push_back(std::move(frame));
    }
  }
  result.more = true;
  return result;
}

std::size_t Tap::write(std::span<const FrameRef> frames) {
  std::size_t refused = 0;
  for (const FrameRef& frame : frames) {
    ssize_t size = 0;
    do size = ::write(device_.get(), frame.bytes().data(), frame.size());
    while (size < 0 && errno == EINTR);
    if (size != static_cast<ssize_t>(frame.size())) ++refused;
  }
  return refused;
}

}  // namespace softlan::platform
