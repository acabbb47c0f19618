#include <mswsock.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include <array>

#include "base/check.h"
#include "platform/windows/socket_name.h"
#include "platform/windows/system_error.h"
#include "platform/windows/udp_socket.h"

#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif
#ifndef UDP_RECV_MAX_COALESCED_SIZE
#define UDP_RECV_MAX_COALESCED_SIZE 3
#endif

namespace softlan::platform {

namespace {

constexpr int kSocketBuffer = 4 * 1024 * 1024;

// Windows' sockets work while one of these lives.
struct Winsock {
  Winsock() {
    WSADATA data;
    SOFTLAN_CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
  }
  ~Winsock() { WSACleanup(); }
  Winsock(const Winsock&) = delete;
  Winsock& operator=(const Winsock&) = delete;
};

template <typename Value>
bool set_option(NativeSocket socket, int level, int option, Value value) {
  return setsockopt(socket, level, option, reinterpret_cast<const char*>(&value), sizeof(value)) == 0;
}

bool prepare(NativeSocket socket, IpAddress::Family family) {
  set_option(socket, SOL_SOCKET, SO_RCVBUF, kSocketBuffer);
  set_option(socket, SOL_SOCKET, SO_SNDBUF, kSocketBuffer);
  // Coalesced packets come without their size on some machines.
  set_option(socket, IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE, DWORD{0});
  BOOL report = FALSE;
  DWORD unused = 0;
  WSAIoctl(socket, SIO_UDP_CONNRESET, &report, sizeof(report), nullptr, 0, &unused, nullptr, nullptr);
  if (family == IpAddress::Family::v4) set_option(socket, IPPROTO_IP, IP_DONTFRAGMENT, DWORD{1});
  if (family == IpAddress::Family::v6) set_option(socket, IPPROTO_IPV6, IPV6_DONTFRAG, DWORD{1});
  u_long non_blocking = 1;
  return ioctlsocket(socket, static_cast<long>(FIONBIO), &non_blocking) == 0;
}

// From the source address of that way and through its interface, where Windows lets us say so; else its own choice.
void bind_to(NativeSocket socket, const SocketAddress& remote, const Route& way) {
  const auto index = static_cast<DWORD>(way.index);
  if (index != 0 && remote.ip.family == IpAddress::Family::v4)
    set_option(socket, IPPROTO_IP, IP_UNICAST_IF, htonl(index));  // in network order, unlike the other one
  if (index != 0 && remote.ip.family == IpAddress::Family::v6) set_option(socket, IPPROTO_IPV6, IPV6_UNICAST_IF, index);
  if (way.source.family != remote.ip.family) return;
  SocketName name;
  const int size = to_system({.ip = way.source, .port = 0, .scope = remote.scope}, name);
  bind(socket, reinterpret_cast<const sockaddr*>(&name), size);
}

std::unexpected<Error> cannot_reach(const SocketAddress& remote) {
  const int error = WSAGetLastError();
  if (error == WSAENETUNREACH || error == WSAEHOSTUNREACH || error == WSAEADDRNOTAVAIL)
    return fail("cannot reach {}: there is no route to it; is this machine online?", to_string(remote));
  return fail("cannot reach {}: {}", to_string(remote), system_reason(static_cast<unsigned long>(error)));
}

// About an earlier packet, not about this one.
bool is_refusal(int error) { return error == WSAECONNRESET || error == WSAENETRESET || error == WSAECONNREFUSED; }

}  // namespace

struct ReceiveBuffers::Slots {
  std::array<std::array<std::uint8_t, kPacketSize>, kMaxPackets> memory;
  std::array<ReceivedPacket, kMaxPackets> packets;
};

ReceiveBuffers::ReceiveBuffers() : slots_(std::make_unique<Slots>()) {}
ReceiveBuffers::~ReceiveBuffers() = default;

Result<UdpSocket> UdpSocket::connect(const SocketAddress& remote, const Route& through) {
  static const Winsock winsock;
  UdpSocket opened(SocketHandle(WSASocketW(system_family(remote.ip.family), SOCK_DGRAM, IPPROTO_UDP, nullptr, 0,
                                           WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT)));
  if (!opened.socket_ && WSAGetLastError() == WSAEAFNOSUPPORT)
    return fail("this machine has no {}", remote.ip.family == IpAddress::Family::v4 ? "IPv4" : "IPv6");
  if (!opened.socket_ || !prepare(opened.fd(), remote.ip.family))
    return fail("cannot open a UDP socket: {}", system_reason());
  SocketName name;
  const int size = to_system(remote, name);
  bind_to(opened.fd(), remote, through);
  if (::connect(opened.fd(), reinterpret_cast<const sockaddr*>(&name), size) != 0) return cannot_reach(remote);
  int local_size = sizeof(name);
  SOFTLAN_CHECK(getsockname(opened.fd(), reinterpret_cast<sockaddr*>(&name), &local_size) == 0);
  opened.path_ = {.local = from_system(name), .remote = remote};
  return opened;
}

Receive UdpSocket::receive(ReceiveBuffers& buffers) {
  ReceiveBuffers::Slots& slots = *buffers.slots_;
  Receive result{.more = true};
  std::size_t kept = 0;
  while (kept < ReceiveBuffers::kMaxPackets) {
    auto& memory = slots.memory[kept];
    const int size = recv(fd(), reinterpret_cast<char*>(memory.data()), static_cast<int>(memory.size()), 0);
    if (size >= 0) {
      slots.packets[kept++] = {.data = Bytes(memory).first(static_cast<std::size_t>(size)), .path = path_, .ecn = 0};
    } else if (const int error = WSAGetLastError(); is_refusal(error)) {
      result.unreachable = true;
    } else if (error == WSAEMSGSIZE) {
      ++errors_;
    } else {
      result.more = false;
      break;
    }
  }
  result.packets = std::span(slots.packets).first(kept);
  return result;
}

SendResult UdpSocket::send(const SendBatch& batch, std::size_t from) {
  SendResult result;
  for (const SendBatch::Packet& packet : batch.packets().subspan(from)) {
    const Bytes data = batch.data(packet);
    if (::send(fd(), reinterpret_cast<const char*>(data.data()), static_cast<int>(data.size()), 0) < 0) {
      const int error = WSAGetLastError();
      if (error == WSAEWOULDBLOCK) {
        result.blocked = true;
        return result;
      }
      result.unreachable |= is_refusal(error);
      ++errors_;
    }
    ++result.sent;
  }
  return result;
}

}  // namespace softlan::platform
