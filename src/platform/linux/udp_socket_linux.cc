#include "platform/linux/udp_socket.h"

#include <netinet/udp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

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
  set_option(fd, SOL_UDP, UDP_GRO, 1);
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

// What the ancillary data of a received message says.
struct MessageNotes {
  SocketAddress local;
  std::uint8_t ecn = 0;
  std::size_t packet_size = 0;  // when it holds several
};

MessageNotes read_notes(msghdr& message) {
  MessageNotes notes;
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
    } else if (const auto* packet_size = payload_of<int>(item, SOL_UDP, UDP_GRO)) {
      notes.packet_size = static_cast<std::size_t>(std::max(*packet_size, 0));
    }
  }
  return notes;
}

// Chooses the source address of a message from an unconnected socket.
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

// The kernel's view of up to kSendChunk messages; on the stack, filled only as far as needed.
struct SendSlots {
  std::array<mmsghdr, kSendChunk> messages;
  std::array<iovec, kSendChunk> vectors;
  std::array<SocketName, kSendChunk> names;
  std::array<AncillaryBuffer, kSendChunk> ancillary;
  std::array<std::size_t, kSendChunk> packets;  // in each message

  // Takes as much of `rest` as there are slots for, the first `singles` packets one by one; answers how many messages.
  unsigned fill(const SendBatch& batch, std::span<const SendBatch::Packet> rest, std::size_t singles, bool connected) {
    unsigned count = 0;
    while (count < kSendChunk && !rest.empty()) {
      const auto run = rest.first(singles > 0 ? 1 : run_length(rest));
      put(count++, batch, run, connected);
      singles -= std::min<std::size_t>(singles, 1);
      rest = rest.subspan(run.size());
    }
    return count;
  }
  [[nodiscard]] std::size_t packets_in(int sent) const {
    return std::accumulate(packets.begin(), packets.begin() + sent, std::size_t{0});
  }

 private:
  void put(std::size_t slot, const SendBatch& batch, std::span<const SendBatch::Packet> run, bool connected) {
    const SendBatch::Packet& packet = run.front();
    const Bytes data = batch.data(run);
    packets[slot] = run.size();
    vectors[slot] = {.iov_base = const_cast<std::uint8_t*>(data.data()), .iov_len = data.size()};
    messages[slot] = {};
    msghdr& message = messages[slot].msg_hdr;
    message.msg_iov = &vectors[slot];
    message.msg_iovlen = 1;
    AncillaryWriter writer(ancillary[slot]);
    put_ecn(writer, packet.path.remote, packet.ecn);
    if (run.size() > 1) writer.put(SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(packet.size));
    if (!connected) {
      message.msg_namelen = to_system(packet.path.remote, names[slot]);
      message.msg_name = &names[slot];
      put_source(writer, packet.path.local);
    }
    writer.attach(message);
  }
};

// Whether this may be about a message of several packets as such: the network card computes no checksums, or IPsec
// stands in between. Others are about the packets or, like a refusal by ICMP, about earlier ones.
bool speaks_against_runs(int error) { return error == EIO || error == EINVAL || error == EOPNOTSUPP; }

}  // namespace

// Each slot has a lane of memory, where a message is written behind those that came before it in the same receive().
struct ReceiveBuffers::Slots {
  static constexpr std::size_t kMessageSize = 64 * 1024;  // more than the longest one
  static constexpr std::size_t kCalls = kEnoughPackets / kMessages;
  static constexpr std::size_t kLaneSize = kCalls * kMessageSize;

  std::array<mmsghdr, kMessages> messages{};
  std::array<iovec, kMessages> vectors{};
  std::array<SocketName, kMessages> names{};
  std::array<AncillaryBuffer, kMessages> ancillary{};
  std::unique_ptr<std::uint8_t[]> lanes = std::make_unique_for_overwrite<std::uint8_t[]>(kMessages * kLaneSize);
  std::array<ReceivedPacket, kMaxPackets> packets{};
  std::size_t kept = 0;

  void rewind() {
    kept = 0;
    for (std::size_t slot = 0; slot < kMessages; ++slot) prepare(slot, &lanes[slot * kLaneSize]);
  }
  // What a message brought; the next one is written behind it.
  Bytes take(std::size_t slot) {
    auto* const begin = static_cast<std::uint8_t*>(vectors[slot].iov_base);
    const Bytes data(begin, messages[slot].msg_len);
    prepare(slot, begin + data.size());
    return data;
  }
  // Ready for the kernel, which shortens the lengths it is given.
  void prepare(std::size_t slot, std::uint8_t* to) {
    vectors[slot] = {.iov_base = to, .iov_len = kMessageSize};
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
  UdpSocket opened(std::move(socket), connected);
  opened.sends_runs_ = set_option(opened.fd(), SOL_UDP, UDP_SEGMENT, 0);  // older systems know no such option
  return opened;
}

Result<UdpSocket> UdpSocket::bind(const SocketAddress& local, PortUse use) {
  auto opened = open(local.ip.family, false);
  if (!opened) return opened;
  if (use == PortUse::shared && !set_option(opened->fd(), SOL_SOCKET, SO_REUSEPORT, 1))
    return cannot_listen(local, errno);
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
  slots.rewind();
  Receive result{.more = true};
  for (std::size_t call = 0;
       result.more && call < ReceiveBuffers::Slots::kCalls && slots.kept < ReceiveBuffers::kEnoughPackets; ++call) {
    const int received = recvmmsg(fd(), slots.messages.data(), ReceiveBuffers::kMessages, MSG_DONTWAIT, nullptr);
    if (received < 0) {
      result.unreachable = errno == ECONNREFUSED;
      result.more = errno != EAGAIN && errno != EWOULDBLOCK;  // what ICMP says is told once, before the packets
      break;
    }
    const auto count = static_cast<std::size_t>(received);
    for (std::size_t slot = 0; slot < count; ++slot) take_message(slots, slot);
    result.more = count == ReceiveBuffers::kMessages;
  }
  result.packets = std::span(slots.packets).first(slots.kept);
  return result;
}

void UdpSocket::take_message(ReceiveBuffers::Slots& slots, std::size_t slot) {
  msghdr& message = slots.messages[slot].msg_hdr;
  const MessageNotes notes = read_notes(message);
  ReceivedPacket packet{
      .data = {},
      .path = {.local = connected_ ? local_ : notes.local, .remote = from_system(slots.names[slot].any)},
      .ecn = notes.ecn};
  packet.path.local.port = local_.port;
  Bytes data = slots.take(slot);
  do {
    packet.data = take_packet(data, notes.packet_size);
    if (packet.data.size() > ReceiveBuffers::kPacketSize || slots.kept == ReceiveBuffers::kMaxPackets)
      ++errors_;
    else
      slots.packets[slots.kept++] = packet;
  } while (!data.empty());
}

SendResult UdpSocket::send(const SendBatch& batch, std::size_t from) {
  SendSlots slots;
  SendResult result;
  const auto packets = batch.packets().subspan(from);
  std::size_t singles_end = sends_runs_ ? 0 : packets.size();  // packets before this one go one by one
  bool doubt = false;                                          // a run was refused, maybe for being one
  while (result.sent < packets.size()) {
    const std::size_t singles = std::max(singles_end, result.sent) - result.sent;
    const unsigned count = slots.fill(batch, packets.subspan(result.sent), singles, connected_);
    const int sent = sendmmsg(fd(), slots.messages.data(), count, MSG_DONTWAIT);
    if (sent > 0) {
      if (std::exchange(doubt, false)) {
        sends_runs_ = false;
        singles_end = packets.size();
      }
      result.sent += slots.packets_in(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      result.blocked = true;
      return result;
    } else if (errno != EINTR) {
      const std::size_t refused = slots.packets[0];
      doubt = refused > 1 && speaks_against_runs(errno);
      result.unreachable |= errno == ECONNREFUSED;
      if (refused > 1) {
        singles_end = result.sent + refused;
      } else {
        ++result.sent;
        ++errors_;
      }
    }
  }
  return result;
}

}  // namespace softlan::platform
