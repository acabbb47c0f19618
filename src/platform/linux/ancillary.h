// Ancillary data of socket messages (cmsg(3)), typed. For the files of this folder only.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstring>

#include "base/check.h"

namespace softlan::platform {

// Room for the few items a packet comes or goes with.
struct AncillaryBuffer {
  alignas(cmsghdr) unsigned char bytes[128];
};

// The payload of `item` when it is of that kind and long enough, else null.
template <typename Payload>
[[nodiscard]] const Payload* payload_of(const cmsghdr* item, int level, int type) {
  if (item->cmsg_level != level || item->cmsg_type != type || item->cmsg_len < CMSG_LEN(sizeof(Payload)))
    return nullptr;
  return reinterpret_cast<const Payload*>(CMSG_DATA(item));
}

[[nodiscard]] inline const cmsghdr* next_item(msghdr& message, const cmsghdr* item) {
  return CMSG_NXTHDR(&message, const_cast<cmsghdr*>(item));
}

// Puts items one after the other into a buffer and hangs them on a message.
class AncillaryWriter {
 public:
  explicit AncillaryWriter(AncillaryBuffer& buffer) : buffer_(buffer) {}

  template <typename Payload>
  void put(int level, int type, const Payload& payload) {
    SOFTLAN_CHECK(used_ + CMSG_SPACE(sizeof(Payload)) <= sizeof(buffer_.bytes));
    auto* item = reinterpret_cast<cmsghdr*>(buffer_.bytes + used_);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(sizeof(Payload));
    std::memcpy(CMSG_DATA(item), &payload, sizeof(Payload));
    used_ += CMSG_SPACE(sizeof(Payload));
  }
  void attach(msghdr& message) const {
    message.msg_control = used_ == 0 ? nullptr : buffer_.bytes;
    message.msg_controllen = used_;
  }

 private:
  AncillaryBuffer& buffer_;
  std::size_t used_ = 0;
};

}  // namespace softlan::platform
