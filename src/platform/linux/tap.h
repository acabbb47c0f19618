// A TAP: the player's virtual Ethernet card, whose frames this process reads and writes.
//
// It exists as long as the object and behaves like a cable: created without carrier, so that DHCP clients and the
// kernel wait until set_carrier(true). Needs root or CAP_NET_ADMIN. Source: Documentation/networking/tuntap.rst.
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
#include "proto/mac.h"

namespace softlan::platform {

class Tap {
 public:
  struct ReadResult {
    bool more = false;          // stopped at `max`; there may be more
    bool gone = false;          // somebody deleted the interface
    std::size_t oversized = 0;  // dropped: longer than kMaxFrameSize
    std::size_t no_buffer = 0;  // dropped: the pool was empty
  };

  // A new interface `name`, up, with that MAC and MTU (68 to 65521, IPv6 wants 1280).
  [[nodiscard]] static Result<Tap> create(std::string_view name, const proto::Mac& mac, std::uint16_t mtu);

  [[nodiscard]] Result<void> set_mtu(std::uint16_t mtu);

  // Plugs the cable in or out. An error is the system's fault and leaves the carrier as it was.
  [[nodiscard]] Result<void> set_carrier(bool on);

  // Appends up to `max` frames to `out`. Allocates only if `out` has to grow.
  [[nodiscard]] ReadResult read(FramePool& pool, std::vector<FrameRef>& out, std::size_t max);

  // Hands frames to the machine's own stack, in order; answers how many it would not take.
  [[nodiscard]] std::size_t write(std::span<const FrameRef> frames);

  [[nodiscard]] int fd() const { return device_.get(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int index() const { return index_; }

 private:
  Tap(FileDescriptor device, std::string name, int index)
      : device_(std::move(device)), name_(std::move(name)), index_(index) {}

  FileDescriptor device_;
  std::string name_;
  int index_;
};

}  // namespace softlan::platform
