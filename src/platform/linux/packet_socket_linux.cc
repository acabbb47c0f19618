#include "platform/linux/packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "platform/linux/ancillary.h"
#include "platform/linux/gather.h"
#include "platform/linux/interface.h"
#include "platform/linux/lan_filter.h"
#include "platform/linux/socket_options.h"
#include "platform/linux/system_error.h"
#include "proto/ethernet.h"

namespace softlan::platform {

namespace {

constexpr int kSocketBuffer = 8 * 1024 * 1024;
constexpr std::size_t kReadBatch = 8;
constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kTagSize = 4;
constexpr std::size_t kAddressesSize = 12;             // both MACs: where a VLAN tag goes in
constexpr std::size_t kPacketSize = 64 * 1024 + 64;    // the longest super-frame with its headers
constexpr std::size_t kEnoughBytes = 2 * kPacketSize;  // after so many, others have their turn

// A tag that the NIC or the kernel took out of the frame.
struct VlanTag {
  bool present = false;
  std::uint16_t tpid = 0;
  std::uint16_t tci = 0;
};

VlanTag read_tag(msghdr& message) {
  for (const cmsghdr* item = CMSG_FIRSTHDR(&message); item; item = next_item(message, item)) {
    const auto* data = payload_of<tpacket_auxdata>(item, SOL_PACKET, PACKET_AUXDATA);
    if (!data || (data->tp_status & TP_STATUS_VLAN_VALID) == 0) continue;
    const bool has_tpid = (data->tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
    return {.present = true, .tpid = has_tpid ? data->tp_vlan_tpid : proto::ethertype::vlan, .tci = data->tp_vlan_tci};
  }
  return {};
}

// Puts the tag back behind the addresses of the frame at `packet` + kTagSize, which then begins at `packet`.
void restore_tag(std::uint8_t* packet, const VlanTag& tag, proto::VirtioNetHeader& header) {
  std::memmove(packet, packet + kTagSize, kAddressesSize);
  store_be16(packet + kAddressesSize, tag.tpid);
  store_be16(packet + kAddressesSize + 2, tag.tci);
  const auto moved = [](std::uint16_t offset) { return static_cast<std::uint16_t>(offset + kTagSize); };
  if ((header.flags & proto::VirtioNetHeader::kNeedsChecksum) != 0)
    header.checksum_start = moved(header.checksum_start);
  if (header.header_length != 0) header.header_length = moved(header.header_length);
}

bool is_ethernet(int socket, const std::string& interface) {
  ifreq request{};
  std::ranges::copy(interface, request.ifr_name);
  return ioctl(socket, SIOCGIFHWADDR, &request) == 0 && request.ifr_hwaddr.sa_family == ARPHRD_ETHER;
}

std::size_t longest_frame(int socket, const std::string& interface) {
  ifreq request{};
  std::ranges::copy(interface, request.ifr_name);
  const bool known = ioctl(socket, SIOCGIFMTU, &request) == 0 && request.ifr_mtu > 0;
  return known ? kEthernetHeader + static_cast<std::size_t>(request.ifr_mtu) : 0;
}

std::string known_interfaces() {
  const auto names = interface_names();
  if (names.empty()) return "this machine has no Ethernet interface";
  return fmt::format("this machine has {}", fmt::join(names, ", "));
}

// As many as still fit into kEnoughBytes, going by the size of those before: a party's bulk comes 64 KiB at a time.
unsigned frames_to_ask_for(std::size_t taken, std::size_t bytes, std::size_t max) {
  const std::size_t usual = taken == 0 ? kPacketSize : bytes / taken + 1;
  return static_cast<unsigned>(std::clamp<std::size_t>((kEnoughBytes - bytes) / usual, 1, std::min(kReadBatch, max)));
}

// In place of the program before, without a gap.
bool attach(int socket, std::vector<sock_filter> program) {
  if (program.size() > BPF_MAXINSNS) return false;
  const sock_fprog call{.len = static_cast<std::uint16_t>(program.size()), .filter = program.data()};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &call, sizeof(call)) == 0;
}

// Options are set before bind(), so no packet of another interface ever arrives.
bool listen_to(int socket, int index) {
  set_large_buffers(socket, kSocketBuffer);
  packet_mreq membership{};
  membership.mr_ifindex = index;
  membership.mr_type = PACKET_MR_PROMISC;
  sockaddr_ll name{};
  name.sll_family = AF_PACKET;
  name.sll_protocol = htons(ETH_P_ALL);
  name.sll_ifindex = index;
  return attach(socket, open_filter()) && set_option(socket, SOL_PACKET, PACKET_VNET_HDR, 1) &&
         set_option(socket, SOL_PACKET, PACKET_AUXDATA, 1) &&
         setsockopt(socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof(membership)) == 0 &&
         bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
}

}  // namespace

// The kernel's view of a batch to read, the memory behind it, and its view of a batch to send.
struct PacketSocket::Slots {
  std::array<mmsghdr, kReadBatch> messages{};
  std::array<std::array<iovec, 2>, kReadBatch> vectors{};
  std::array<sockaddr_ll, kReadBatch> names{};
  std::array<AncillaryBuffer, kReadBatch> ancillary{};
  std::array<proto::VirtioNetHeader, kReadBatch> headers{};
  std::vector<std::uint8_t> data = std::vector<std::uint8_t>(kReadBatch * kPacketSize);
  std::array<mmsghdr, proto::Coalescer::kMostFrames> outgoing{};
  std::array<iovec, 2 * proto::Coalescer::kMostFrames> pieces{};

  Slots() {
    for (std::size_t slot = 0; slot < kReadBatch; ++slot) {
      vectors[slot][0] = {.iov_base = &headers[slot], .iov_len = sizeof(headers[slot])};
      vectors[slot][1] = {.iov_base = packet(slot) + kTagSize, .iov_len = kPacketSize - kTagSize};
      reset(slot);
    }
  }
  // Headroom for one VLAN tag, then the frame as the kernel gave it.
  std::uint8_t* packet(std::size_t slot) { return data.data() + slot * kPacketSize; }
  // Ready for the kernel, which shortens the lengths it is given.
  void reset(std::size_t slot) {
    messages[slot].msg_hdr = {.msg_name = &names[slot],
                              .msg_namelen = sizeof(names[slot]),
                              .msg_iov = vectors[slot].data(),
                              .msg_iovlen = vectors[slot].size(),
                              .msg_control = ancillary[slot].bytes,
                              .msg_controllen = sizeof(ancillary[slot].bytes),
                              .msg_flags = 0};
  }
};

PacketSocket::PacketSocket(FileDescriptor socket, std::string interface, int index, std::size_t longest_frame)
    : socket_(std::move(socket)),
      interface_(std::move(interface)),
      index_(index),
      slots_(std::make_unique<Slots>()),
      coalescer_(longest_frame) {}
PacketSocket::PacketSocket(PacketSocket&&) noexcept = default;
PacketSocket& PacketSocket::operator=(PacketSocket&&) noexcept = default;
PacketSocket::~PacketSocket() = default;

Result<PacketSocket> PacketSocket::open(std::string_view interface) {
  const std::string name = printable(interface);
  const InterfaceState state = interface_state(interface);
  if (!state.exists) return fail("there is no interface {}; {}", name, known_interfaces());
  FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket && (errno == EPERM || errno == EACCES))
    return fail("cannot listen on {}: this needs root or CAP_NET_RAW", name);
  if (!socket) return fail("cannot listen on {}: {}", name, system_reason());
  if (!is_ethernet(socket.get(), name)) return fail("{} is not an Ethernet interface; {}", name, known_interfaces());
  if (!state.up) return fail("{} is down; bring it up with: ip link set {} up", name, name);
  const int index = static_cast<int>(if_nametoindex(name.c_str()));
  if (!listen_to(socket.get(), index)) return fail("cannot listen on {}: {}", name, system_reason());
  const std::size_t longest = longest_frame(socket.get(), name);
  PacketSocket opened(std::move(socket), name, index, longest);
  if (!set_option(opened.fd(), SOL_SOCKET, SO_MARK, static_cast<int>(kOwnMark))) opened.coalescer_.stop();
  return opened;
}

void PacketSocket::set_members(std::span<const proto::Mac> members) {
  const std::vector<sock_filter> program = member_filter(members);
  if (attach(fd(), program)) return;
  // Two programs at once may be more than a socket may keep (net.core.optmem_max): let everything through meanwhile.
  if (attach(fd(), open_filter())) (void)attach(fd(), program);
}

PacketSocket::ReadResult PacketSocket::read(FramePool& pool, proto::FrameSink& sink, std::size_t max) {
  ReadResult result;
  std::size_t bytes = 0;
  for (std::size_t taken = 0; taken < max && bytes < kEnoughBytes;) {
    const unsigned batch = frames_to_ask_for(taken, bytes, max - taken);
    const int received = recvmmsg(fd(), slots_->messages.data(), batch, MSG_DONTWAIT, nullptr);
    if (received < 0) {
      const int error = errno;
      if (error == EAGAIN || error == EWOULDBLOCK) return result;
      char name[IF_NAMESIZE];
      result.gone = !if_indextoname(static_cast<unsigned>(index_), name);
      result.down = error == ENETDOWN;
      // Before Linux 6.2 a UDP super-frame cannot be described and is lost with this error.
      if (error == EINVAL) ++result.bad_offload;
      if (result.gone || result.down) return result;
      ++taken;
      continue;
    }
    const auto count = static_cast<std::size_t>(received);
    for (std::size_t slot = 0; slot < count; ++slot) {
      bytes += slots_->messages[slot].msg_len;
      take(slot, slots_->messages[slot].msg_len, pool, sink, result);
      slots_->reset(slot);
    }
    taken += count;
    if (count < batch) return result;
  }
  result.more = true;
  return result;
}

void PacketSocket::take(std::size_t slot, std::size_t size, FramePool& pool, proto::FrameSink& sink,
                        ReadResult& result) {
  msghdr& message = slots_->messages[slot].msg_hdr;
  proto::VirtioNetHeader header = slots_->headers[slot];
  if ((message.msg_flags & MSG_TRUNC) != 0) {
    ++result.jumbo;
    return;
  }
  if (size < sizeof(header) + kAddressesSize) return;  // cannot be: the kernel takes no shorter frames
  std::uint8_t* frame = slots_->packet(slot) + kTagSize;
  std::size_t frame_size = size - sizeof(header);
  if (const VlanTag tag = read_tag(message); tag.present) {
    restore_tag(slots_->packet(slot), tag, header);
    frame -= kTagSize;
    frame_size += kTagSize;
  }
  switch (proto::make_ordinary({frame, frame_size}, header, pool, sink)) {
    case proto::SegmentFault::none:
      break;
    case proto::SegmentFault::bad_header:
    case proto::SegmentFault::unsupported:
      ++result.bad_offload;
      break;
    case proto::SegmentFault::too_long:
      ++result.jumbo;
      break;
    case proto::SegmentFault::no_buffer:
      ++result.no_buffer;
      break;
  }
}

std::size_t PacketSocket::write(std::span<const FrameRef> frames) {
  std::size_t refused = 0;
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), proto::Coalescer::kMostFrames);
    refused += send(coalescer_.bundle(frames.first(count)));
    frames = frames.subspan(count);
  }
  return refused;
}

// Answers how many frames were refused.
std::size_t PacketSocket::send(std::span<const proto::Bundle> bundles) {
  std::span<iovec> pieces = slots_->pieces;
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    const std::size_t count = gather(bundles[i].pieces, pieces);
    slots_->outgoing[i].msg_hdr = {};
    slots_->outgoing[i].msg_hdr.msg_iov = pieces.data();
    slots_->outgoing[i].msg_hdr.msg_iovlen = count;
    pieces = pieces.subspan(count);
  }
  std::size_t refused = 0;
  for (std::size_t done = 0; done < bundles.size();) {
    const auto left = static_cast<unsigned>(bundles.size() - done);
    const int sent = sendmmsg(fd(), &slots_->outgoing[done], left, MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENETDOWN || errno == ENXIO) {
      for (; done < bundles.size(); ++done) refused += bundles[done].frames.size();  // true of all that are left
    } else if (errno != EINTR) {
      refused += send_apart(bundles[done++], errno);
    }
  }
  return refused;
}

// A bundle that was refused with `error`, frame by frame unless that would not help; answers the same.
std::size_t PacketSocket::send_apart(const proto::Bundle& bundle, int error) {
  if (bundle.frames.size() == 1 || error == ENOBUFS) return bundle.frames.size();
  if (error == EINVAL) coalescer_.stop();
  return static_cast<std::size_t>(std::ranges::count_if(bundle.frames, [this](const FrameRef* frame) {
    const auto pieces = coalescer_.alone(*frame);
    std::array<iovec, pieces.size()> vectors;
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = gather(pieces, vectors);
    return sendmsg(fd(), &message, MSG_DONTWAIT) < 0;
  }));
}

}  // namespace softlan::platform
