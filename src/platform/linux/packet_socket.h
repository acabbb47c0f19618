// The gateway's place on the LAN: a packet socket in promiscuous mode on one Ethernet interface.
//
// Hears every frame that reaches the interface from the wire and what this machine itself sends there, but not what
// this socket sends nor what HostTap gave this machine; sends whole frames. With set_members() it hears of the private
// unicast only the members'. Super-frames (GRO, TSO), unfinished checksums and VLAN tags that the NIC took out are made
// ordinary frames again, so nobody has to change NIC settings; TCP is sent in super-frames, for the NIC to cut. Needs
// root or CAP_NET_RAW. No allocation once the pool is warm. Source: packet(7),
// Documentation/networking/packet_mmap.rst; packet_snd() of net/packet/af_packet.c.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/frame_pool.h"
#include "base/result.h"
#include "platform/linux/file_descriptor.h"
#include "proto/coalesce.h"
#include "proto/mac.h"
#include "proto/offload.h"

namespace softlan::platform {

class PacketSocket {
 public:
  struct ReadResult {
    bool more = false;            // stopped with enough for one turn; there may be more
    bool down = false;            // the interface was taken down; heals by itself when it comes up again
    bool gone = false;            // the interface is no more: open a new socket once it is back
    std::size_t no_buffer = 0;    // frames dropped: the pool was empty
    std::size_t jumbo = 0;        // packets dropped: longer than kMaxFrameSize even when cut
    std::size_t bad_offload = 0;  // packets dropped: offload request not understood
  };

  // The interface must exist, be Ethernet and be up; it may be without a cable.
  [[nodiscard]] static Result<PacketSocket> open(std::string_view interface);

  PacketSocket(PacketSocket&&) noexcept;
  PacketSocket& operator=(PacketSocket&&) noexcept;
  ~PacketSocket();

  // Leaves the LAN's private unicast in the kernel from now on (member_filter()).
  void set_members(std::span<const proto::Mac> members);

  // Takes up to `max` packets from the kernel, super-frames fewer, and gives the frames in them to `sink`, in order.
  [[nodiscard]] ReadResult read(FramePool& pool, proto::FrameSink& sink, std::size_t max);

  // Sends frames, those of a flow in order; answers how many were not taken. A full queue drops, it never waits. When
  // the kernel refuses a super-frame as such, it gets the segments, and no more super-frames.
  [[nodiscard]] std::size_t write(std::span<const FrameRef> frames);

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] const std::string& interface() const { return interface_; }
  [[nodiscard]] int index() const { return index_; }

 private:
  struct Slots;
  PacketSocket(FileDescriptor socket, std::string interface, int index, std::size_t longest_frame);
  void take(std::size_t slot, std::size_t size, FramePool& pool, proto::FrameSink& sink, ReadResult& result);
  [[nodiscard]] std::size_t send(std::span<const proto::Bundle> bundles);
  [[nodiscard]] std::size_t send_apart(const proto::Bundle& bundle, int error);

  FileDescriptor socket_;
  std::string interface_;
  int index_;
  std::unique_ptr<Slots> slots_;
  proto::Coalescer coalescer_;
};

}  // namespace softlan::platform
