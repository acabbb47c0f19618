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
#include "platform/linux/gather.h"
#include "platform/linux/interface.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr std::size_t kSuperFrameSize = 64 * 1024 + 64;  // the longest with its headers

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

// Lets the kernel hand up what a card would have cut and finished; as much of it as the kernel can.
void take_over_offloads(int device) {
  constexpr unsigned kUso = 0x20 | 0x40;  // TUN_F_USO4 and TUN_F_USO6, since Linux 6.2
  constexpr unsigned kTso = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
  if (ioctl(device, TUNSETOFFLOAD, kTso | kUso) != 0) (void)ioctl(device, TUNSETOFFLOAD, kTso);
}

class Appender final : public proto::FrameSink {
 public:
  explicit Appender(std::vector<FrameRef>& frames) : frames_(frames) {}
  void on_frame(FrameRef frame) override { frames_.push_back(std::move(frame)); }

 private:
  std::vector<FrameRef>& frames_;
};

}  // namespace

Tap::Tap(FileDescriptor device, std::string name, int index)
    : device_(std::move(device)), name_(std::move(name)), index_(index), super_frame_(kSuperFrameSize) {}

Result<Tap> Tap::create(std::string_view name, const proto::Mac& mac, std::uint16_t mtu) {
  if (!is_interface_name(name))
    return fail("'{}' cannot be the name of an interface: 1 to 15 characters, no blanks, '/', ':' or '%'",
                printable(name));
  ifreq request = request_for(name);
  if (if_nametoindex(request.ifr_name) != 0) return cannot_create(name, EBUSY);
  FileDescriptor device(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) return cannot_create(name, errno);
  request.ifr_flags = static_cast<short>(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_TUN_EXCL);
  if (ioctl(device.get(), TUNSETIFF, &request) != 0) return cannot_create(name, errno);
  take_over_offloads(device.get());
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

// An ordinary frame lands in its buffer at once. The end of a super-frame lands where its beginning is then put before
// it.
Tap::ReadResult Tap::read(FramePool& pool, std::vector<FrameRef>& out, std::size_t max) {
  ReadResult result;
  const std::size_t enough = out.size() + max;
  for (std::size_t packets = 0; packets < max && out.size() < enough; ++packets) {
    FrameRef frame = pool.acquire(kMaxFrameSize);
    proto::VirtioNetHeader header;
    std::uint8_t* start = frame ? frame.mutable_bytes().data() : super_frame_.data();
    iovec parts[] = {{.iov_base = &header, .iov_len = sizeof(header)},
                     {.iov_base = start, .iov_len = kMaxFrameSize},
                     {.iov_base = &super_frame_[kMaxFrameSize], .iov_len = super_frame_.size() - kMaxFrameSize}};
    const ssize_t size = readv(device_.get(), parts, std::size(parts));
    if (size < 0 && errno == EINTR) continue;
    if (size < static_cast<ssize_t>(sizeof(header))) {
      result.gone = size < 0 && errno != EAGAIN && errno != EWOULDBLOCK;
      return result;
    }
    if (!frame) {
      ++result.no_buffer;
    } else {
      take(std::move(frame), static_cast<std::size_t>(size) - sizeof(header), header, pool, out, result);
    }
  }
  result.more = true;
  return result;
}

void Tap::take(FrameRef frame, std::size_t size, const proto::VirtioNetHeader& header, FramePool& pool,
               std::vector<FrameRef>& out, ReadResult& result) {
  if (size <= kMaxFrameSize && header.gso_type == proto::VirtioNetHeader::kGsoNone) {
    frame.resize(size);
    const bool unfinished = (header.flags & proto::VirtioNetHeader::kNeedsChecksum) != 0;
    if (unfinished && !proto::finish_checksum(frame.mutable_bytes(), header)) {
      ++result.bad_offload;
    } else {
      out.push_back(std::move(frame));
    }
    return;
  }
  std::memcpy(super_frame_.data(), frame.bytes().data(), std::min(size, kMaxFrameSize));
  frame.reset();
  Appender appender(out);
  switch (proto::make_ordinary(MutableBytes(super_frame_).first(size), header, pool, appender)) {
    case proto::SegmentFault::none:
      break;
    case proto::SegmentFault::bad_header:
    case proto::SegmentFault::unsupported:
      ++result.bad_offload;
      break;
    case proto::SegmentFault::too_long:
      ++result.oversized;
      break;
    case proto::SegmentFault::no_buffer:
      ++result.no_buffer;
      break;
  }
}

std::size_t Tap::write(std::span<const FrameRef> frames) {
  std::size_t refused = 0;
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), proto::Coalescer::kMostFrames);
    for (const proto::Bundle& bundle : coalescer_.bundle(frames.first(count))) refused += write(bundle);
    frames = frames.subspan(count);
  }
  return refused;
}

// Answers how many frames were refused.
std::size_t Tap::write(const proto::Bundle& bundle) {
  if (put(bundle.pieces)) return 0;
  if (bundle.frames.size() == 1) return 1;
  if (errno == EINVAL) coalescer_.stop();
  return static_cast<std::size_t>(
      std::ranges::count_if(bundle.frames, [this](const FrameRef* frame) { return !put(coalescer_.alone(*frame)); }));
}

bool Tap::put(std::span<const Bytes> pieces) {
  Vectors vectors;
  const std::size_t count = gather(pieces, vectors);
  ssize_t size = 0;
  do size = writev(device_.get(), vectors.data(), static_cast<int>(count));
  while (size < 0 && errno == EINTR);
  return size >= 0;
}

}  // namespace softlan::platform
