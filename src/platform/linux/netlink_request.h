// One question to the kernel's routing netlink (rtnetlink(7)) and its answers. For the files of this folder only.
#pragma once

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstdint>
#include <functional>

namespace softlan::platform {

class NetlinkRequest {
 public:
  // `type` is RTM_GET...; a dump asks for every object of that kind.
  NetlinkRequest(std::uint16_t type, bool dump);
  NetlinkRequest(const NetlinkRequest&) = delete;
  NetlinkRequest& operator=(const NetlinkRequest&) = delete;

  // The fixed part that follows the header (rtmsg, ifinfomsg, ...), zeroed. Before any attribute.
  template <typename Body>
  Body* body() {
    return static_cast<Body*>(mnl_nlmsg_put_extra_header(header_, sizeof(Body)));
  }
  // For mnl_attr_put().
  [[nodiscard]] nlmsghdr* header() { return header_; }

  // Sends the question and calls `answer` for every answer; 0, or the errno the kernel gave.
  [[nodiscard]] int ask(const std::function<void(const nlmsghdr*)>& answer);

 private:
  alignas(nlmsghdr) std::array<char, 512> buffer_{};
  nlmsghdr* header_;
};

// The attributes of an answer, by type; those over `Max` are left out.
template <std::uint16_t Max>
class NetlinkAttributes {
 public:
  NetlinkAttributes(const nlmsghdr* message, std::size_t body_size) {
    mnl_attr_parse(message, static_cast<unsigned>(body_size), &NetlinkAttributes::keep, this);
  }
  [[nodiscard]] const nlattr* operator[](std::uint16_t type) const { return found_[type]; }
  [[nodiscard]] std::uint32_t number_or(std::uint16_t type, std::uint32_t otherwise) const {
    return found_[type] ? mnl_attr_get_u32(found_[type]) : otherwise;
  }

 private:
  static int keep(const nlattr* attribute, void* self) {
    const std::uint16_t type = mnl_attr_get_type(attribute);
    if (type <= Max) static_cast<NetlinkAttributes*>(self)->found_[type] = attribute;
    return MNL_CB_OK;
  }
  std::array<const nlattr*, Max + 1> found_{};
};

}  // namespace softlan::platform
