// A TAP: the player's virtual Ethernet card, whose frames this process reads and writes.
//
// It exists as long as the object and behaves like a cable: created without carrier, so that DHCP clients and the
// kernel wait until set_carrier(true). The kernel leaves cutting and checksums to us as it would to a card (TSO, USO),
// and takes TCP in super-frames: 64 KB cross the border with one call. Needs root or CAP_NET_ADMIN. No allocation in
// read() and write(). Source: Documentation/networking/tuntap.rst; tun_get_user() and set_offload() of
// drivers/net/tun.c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/frame_pool.h"
#include "base/result.h"
#include "platform/linux/file_descriptor.h"
#include "proto/coalesce.h"
#include "proto/mac.h"
#include "proto/offload.h"

namespace softlan::platform {

class Tap {
 public:
  struct ReadResult {
    bool more = false;            // stopped at `max`; there may be more
    bool gone = false;            // somebody deleted the interface
    std::size_t oversized = 0;    // packets dropped: longer than kMaxFrameSize even when cut
    std::size_t no_buffer = 0;    // packets dropped, perhaps in part: the pool was empty
    std::size_t bad_offload = 0;  // packets dropped: offload request not understood
  };

  // A new interface `name`, up, with that MAC and MTU (68 to 65521, IPv6 wants 1280).
  [[nodiscard]] static Result<Tap> create(std::string_view name, const proto::Mac& mac, std::uint16_t mtu);

  [[nodiscard]] Result<void> set_mtu(std::uint16_t mtu);

  // Plugs the cable in or out. An error is the system's fault and leaves the carrier as it was.
  [[nodiscard]] Result<void> set_carrier(bool on);

  // Appends frames to `out` until there are `max` more, or as many as the last packet brings beyond that. Allocates
  // only if `out` has to grow.
  [[nodiscard]] ReadResult read(FramePool& pool, std::vector<FrameRef>& out, std::size_t max);

  // Hands frames to the machine's own stack, those of a flow in order; answers how many it would not take. When it
  // refuses a super-frame as such, it gets the segments, and no more super-frames.
  [[nodiscard]] std::size_t write(std::span<const FrameRef> frames);
  // From now on every frame is written with this tag in front of its own.
  void put_tag(std::uint16_t type, std::uint16_t tci) { coalescer_.put_tag(type, tci); }

  [[nodiscard]] int fd() const { return device_.get(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int index() const { return index_; }

 private:
  Tap(FileDescriptor device, std::string name, int index);
  void take(FrameRef frame, std::size_t size, const proto::VirtioNetHeader& header, FramePool& pool,
            std::vector<FrameRef>& out, ReadResult& result);
  [[nodiscard]] std::size_t write(const proto::Bundle& bundle);
  [[nodiscard]] bool put(std::span<const Bytes> pieces);

  FileDescriptor device_;
  std::string name_;
  int index_;
  std::vector<std::uint8_t> super_frame_;
  proto::Coalescer coalescer_;
};

}  // namespace softlan::platform
