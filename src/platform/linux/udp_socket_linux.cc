#include "platform/linux/udp_socket.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "base/check.h"
#include "platform/linux/ancillary.h"
#include "platform/linux/socket_name.h"
#include "platform/linux/socket_options.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr int kSocketBuffer = 4 * 1024 * 1024;
constexpr std::size_t kSendChunk = 64;
constexpr std::uint8_t kEcnMask = 0x03;

bool prepare(int fd, IpAddress::Family family) {
  set_large_buffers(fd, kSocketBuffer);
  if (family == IpAddress::Family::v4) {
    set_option(fd, IPPROTO_IP, IP_RECVTOS, 1);
    return set_option(fd, IPPROTO_IP, IP_PKTINFO, 1) && set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  }
  set_option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
  return set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) && set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
         set_option(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
}

std::unexpected<Error> cannot_listen(const SocketAddress& local, int error) {
  const std::string address = to_string(local);
  switch (error) {
    case EADDRINUSE:
      return fail("cannot listen on {}: the port is in use by another program; choose another with --listen", address);
    case EACCES:
      return fail("cannot listen on {}: ports below 1024 need root or CAP_NET_BIND_SERVICE", address);
    case EADDRNOTAVAIL:
      return fail("cannot listen on {}: this machine has no such address", address);
    default:
      return fail("cannot listen on {}: {}", address, system_reason(error));
  }
}

std::unexpected<Error> cannot_use_device(std::string_view device, int error) {
  if (error == ENODEV) return fail("cannot send through {}: there is no such interface", device);
  if (error == EPERM) return fail("cannot send through {}: this needs root or CAP_NET_RAW", device);
  return fail("cannot send through {}: {}", device, system_reason(error));
}

std::unexpected<Error> cannot_reach(const SocketAddress& remote, int error) {
  if (error == ENETUNREACH || error == EHOSTUNREACH)
    return fail("cannot reach {}: there is no route to it; is this machine online?", to_string(remote));
  return fail("cannot reach {}: {}", to_string(remote), system_reason(error));
}

// What the ancillary data of a received packet says.
struct PacketNotes {
  SocketAddress local;
  std::uint8_t ecn = 0;
};

PacketNotes read_notes(msghdr& message) {
  PacketNotes notes;
  for (const cmsghdr* item = CMSG_FIRSTHDR(&message); item; item = next_item(message, item)) {
    if (const auto* v4 = payload_of<in_pktinfo>(item, IPPROTO_IP, IP_PKTINFO)) {
      notes.local.ip = from_system(v4->ipi_spec_dst);
    } else if (const auto* v6 = payload_of<in6_pktinfo>(item, IPPROTO_IPV6, IPV6_PKTINFO)) {
      notes.local.ip = from_system(v6->ipi6_addr);
      if (IN6_IS_ADDR_LINKLOCAL(&v6->ipi6_addr)) notes.local.scope = v6->ipi6_ifindex;
    } else if (const auto* tos = payload_of<std::uint8_t>(item, IPPROTO_IP, IP_TOS)) {
      notes.ecn = *tos & kEcnMask;
    } else if (const auto* traffic_class = payload_of<int>(item, IPPROTO_IPV6, IPV6_TCLASS)) {
      notes.ecn = static_cast<std::uint8_t>(*traffic_class) & kEcnMask;
    }
  }
  return notes;
}

// Chooses the source address of a packet from an unconnected socket.
void put_source(AncillaryWriter& writer, const SocketAddress& local) {
  if (local.ip.family == IpAddress::Family::v4) {
    in_pktinfo source{};
    std::memcpy(&source.ipi_spec_dst, local.ip.bytes.data(), sizeof(source.ipi_spec_dst));
    writer.put(IPPROTO_IP, IP_PKTINFO, source);
  } else if (local.ip.family == IpAddress::Family::v6) {
    in6_pktinfo source{};
    std::memcpy(&source.ipi6_addr, local.ip.bytes.data(), sizeof(source.ipi6_addr));
    source.ipi6_ifindex = local.scope;
    writer.put(IPPROTO_IPV6, IPV6_PKTINFO, source);
  }
}

void put_ecn(AncillaryWriter& writer, const SocketAddress& remote, std::uint8_t ecn) {
  if (ecn == 0) return;
  if (remote.ip.family == IpAddress::Family::v4)
    writer.put(IPPROTO_IP, IP_TOS, int{ecn});
  else
    writer.put(IPPROTO_IPV6, IPV6_TCLASS, int{ecn});
}

// The kernel's view of up to kSendChunk packets; on the stack, filled only as far as needed.
struct SendSlots {
  std::array<mmsghdr, kSendChunk> messages;
  std::array<iovec, kSendChunk> vectors;
  std::array<SocketName, kSendChunk> names;
  std::array<AncillaryBuffer, kSendChunk> ancillary;

  void fill(std::size_t slot, const SendBatch& batch, const SendBatch::Packet& packet, bool connected) {
    const Bytes data = batch.data(packet);
    vectors[slot] = {.iov_base = const_cast<std::uint8_t*>(data.data()), .iov_len = data.size()};
    messages[slot] = {};
    msghdr& message = messages[slot].msg_hdr;
    message.msg_iov = &vectors[slot];
    message.msg_iovlen = 1;
    AncillaryWriter writer(ancillary[slot]);
    put_ecn(writer, packet.path.remote, packet.ecn);
    if (!connected) {
      message.msg_namelen = to_system(packet.path.remote, names[slot]);
      message.msg_name = &names[slot];
      put_source(writer, packet.path.local);
    }
    writer.attach(message);
  }
};

}  // namespace

struct ReceiveBuffers::Slots {
  std::array<mmsghdr, kPackets> messages{};
  std::array<iovec, kPackets> vectors{};
  std::array<SocketName, kPackets> names{};
  std::array<AncillaryBuffer, kPackets> ancillary{};
  std::array<ReceivedPacket, kPackets> packets{};
  std::vector<std::uint8_t> data = std::vector<std::uint8_t>(kPackets * kPacketSize);

  Slots() {
    for (std::size_t slot = 0; slot < kPackets; ++slot) {
      vectors[slot] = {.iov_base = data.data() + slot * kPacketSize, .iov_len = kPacketSize};
      reset(slot);
    }
  }
  // Ready for the kernel, which shortens the lengths it is given.
  void reset(std::size_t slot) {
    messages[slot].msg_hdr = {.msg_name = &names[slot],
                              .msg_namelen = sizeof(SocketName),
                              .msg_iov = &vectors[slot],
                              .msg_iovlen = 1,
                              .msg_control = ancillary[slot].bytes,
                              .msg_controllen = sizeof(ancillary[slot].bytes),
                              .msg_flags = 0};
  }
};

ReceiveBuffers::ReceiveBuffers() : slots_(std::make_unique<Slots>()) {}
ReceiveBuffers::~ReceiveBuffers() = default;

Result<UdpSocket> UdpSocket::open(IpAddress::Family family, bool connected) {
  SOFTLAN_CHECK(family != IpAddress::Family::none);
  const int domain = family == IpAddress::Family::v4 ? AF_INET : AF_INET6;
  FileDescriptor socket(::socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket && errno == EAFNOSUPPORT)
    return fail("this machine has no {}", family == IpAddress::Family::v4 ? "IPv4" : "IPv6");
  if (!socket || !prepare(socket.get(), family)) return fail("cannot open a UDP socket: {}", system_reason());
  return UdpSocket(std::move(socket), connected);
}

Result<UdpSocket> UdpSocket::bind(const SocketAddress& local) {
  auto opened = open(local.ip.family, false);
  if (!opened) return opened;
  SocketName name;
  const socklen_t size = to_system(local, name);
  if (::bind(opened->fd(), &name.any, size) != 0) return cannot_listen(local, errno);
  opened->learn_local();
  return opened;
}

Result<UdpSocket> UdpSocket::connect(const SocketAddress& remote, std::string_view device) {
  auto opened = open(remote.ip.family, true);
  if (!opened) return opened;
  const auto device_size = static_cast<socklen_t>(device.size());
  if (!device.empty() && setsockopt(opened->fd(), SOL_SOCKET, SO_BINDTODEVICE, device.data(), device_size) != 0)
    return cannot_use_device(device, errno);
  SocketName name;
  const socklen_t size = to_system(remote, name);
  if (::connect(opened->fd(), &name.any, size) != 0) return cannot_reach(remote, errno);
  opened->learn_local();
  return opened;
}

void UdpSocket::learn_local() {
  SocketName name{};
  socklen_t size = sizeof(name);
  SOFTLAN_CHECK(getsockname(fd(), &name.any, &size) == 0);
  local_ = from_system(name.any);
}

Receive UdpSocket::receive(ReceiveBuffers& buffers) {
  auto& slots = *buffers.slots_;
  const int received = recvmmsg(fd(), slots.messages.data(), ReceiveBuffers::kPackets, MSG_DONTWAIT, nullptr);
  if (received < 0) {
    const bool refused = errno == ECONNREFUSED;
    return {.more = refused || errno == EINTR, .unreachable = refused};
  }
  const auto count = static_cast<std::size_t>(received);
  std::size_t kept = 0;
  for (std::size_t slot = 0; slot < count; ++slot) {
    msghdr& message = slots.messages[slot].msg_hdr;
    if ((message.msg_flags & MSG_TRUNC) != 0) {
      ++errors_;
    } else {
      const PacketNotes notes = read_notes(message);
      ReceivedPacket& packet = slots.packets[kept++];
      packet.data = Bytes(slots.data).subspan(slot * ReceiveBuffers::kPacketSize, slots.messages[slot].msg_len);
      packet.path.local = connected_ ? local_ : notes.local;
      packet.path.local.port = local_.port;
      packet.path.remote = from_system(slots.names[slot].any);
      packet.ecn = notes.ecn;
    }
    slots.reset(slot);
  }
  return {.packets = std::span(slots.packets).first(kept), .more = count == ReceiveBuffers::kPackets};
}

SendResult UdpSocket::send(const SendBatch& batch, std::size_t from) {
  SendSlots slots;
  SendResult result;
  const auto packets = batch.packets().subspan(from);
  while (result.sent < packets.size()) {
    const std::size_t count = std::min(kSendChunk, packets.size() - result.sent);
    for (std::size_t slot = 0; slot < count; ++slot) slots.fill(slot, batch, packets[result.sent + slot], connected_);
    const int sent = sendmmsg(fd(), slots.messages.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
    if (sent > 0) {
      result.sent += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      result.blocked = true;
      return result;
    } else if (errno != EINTR) {
      result.unreachable |= errno == ECONNREFUSED;
      ++result.sent;
      ++errors_;
    }
  }
  return result;
}

}  // namespace softlan::platform
