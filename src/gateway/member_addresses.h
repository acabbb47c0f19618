// Which IP addresses the members use, so that a question of the LAN for one of them is told from a scan's.
//
// Learned from what members send: the sender of ARP, the source of IP packets. Whether they may have those addresses
// is for the relay to judge; here a wrong one does no more than let a question through. A table of fixed size, rows of
// four places: in a full row the one used longest ago makes room. 24 KiB, no allocation after construction.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/address.h"
#include "proto/ethernet.h"

namespace softlan::gateway {

class MemberAddresses {
 public:
  static constexpr std::size_t kCapacity = 1024;

  MemberAddresses() : places_(kCapacity) {}

  // A frame of a member.
  void learn(const proto::FrameView& frame);
  // The member's address that an ARP message or a neighbour solicitation is about; empty for anything else.
  [[nodiscard]] std::optional<IpAddress> asked_for(const proto::PacketView& packet) const;
  void forget(const proto::Mac& member);
  void clear();

 private:
  static constexpr std::size_t kRowSize = 4;

  struct Place {
    IpAddress ip;  // family none: a free place
    proto::Mac member;
  };

  [[nodiscard]] static std::size_t row_of(const IpAddress& ip);
  [[nodiscard]] bool contains(const IpAddress& ip) const;

  std::vector<Place> places_;  // in each row the one used last comes first
};

}  // namespace softlan::gateway
