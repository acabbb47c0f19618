// Which MAC an IP address belongs to in one room, so that a client can take nobody else's: first come, first served
// (RFC 6620), while the LAN is always right.
//
//   a client claims an address          it is the client's if it was free; else the client must not use it
//   the LAN's DHCP server gives it away it is that client's, whoever had it
//   a LAN host says it has it           it is that host's, whoever had it
//   nobody uses it for kAgeing          it is free
//
// A table of fixed size: hash chains through an array whose memory (160 KiB at most) is touched as it fills. A client
// has a quota, so no flood of claims fills it. Under a flood of addresses on the LAN older ones make room; then it is
// possible that a claim finds no place and holds without being remembered. No allocation after construction.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "proto/mac.h"

namespace softlan::relay {

class Bindings {
 public:
  static constexpr std::size_t kCapacity = 4096;
  // Addresses of one client; IPv6 hosts have several at once, and new ones every day (RFC 8981).
  static constexpr std::size_t kMaxIpv4 = 16;
  static constexpr std::size_t kMaxIpv6 = 32;
  static constexpr Duration kAgeing = std::chrono::minutes(10);  // since it was last used
  // Over its quota a client gives up an address it has not used for as long.
  static constexpr Duration kIdle = std::chrono::minutes(1);

  Bindings();

  // A client uses `ip` or wants to. False when it is another's, or one too many.
  bool claim(TimePoint now, const IpAddress& ip, const proto::Mac& client);
  // The LAN's DHCP server gave `ip` to a client.
  void lease(TimePoint now, const IpAddress& ip, const proto::Mac& client);
  // A host on the LAN says that it has `ip`.
  void see_on_lan(TimePoint now, const IpAddress& ip, const proto::Mac& host);
  // A packet with source `ip` came from the LAN. Keeps what is known and teaches nothing: a router sends the whole
  // internet's packets under its own MAC, and at times a client's.
  void refresh(TimePoint now, const IpAddress& ip, const proto::Mac& host);

  // The client is gone for good, or the LAN is.
  void forget(const proto::Mac& client);
  void forget_lan();

  struct Owner {
    proto::Mac mac;
    bool on_lan = false;
  };
  [[nodiscard]] std::optional<Owner> owner(TimePoint now, const IpAddress& ip) const;

 private:
  using Index = std::uint16_t;
  static constexpr Index kNone = 0xffff;
  static constexpr int kSweep = 16;

  struct Binding {
    IpAddress ip;  // family none: a free place
    Owner owner;
    TimePoint until{};
    Index next = kNone;            // with the same hash of the address; of free places, the next one
    Index next_of_client = kNone;  // with the same hash of the MAC; clients only
  };

  [[nodiscard]] Index find(const IpAddress& ip) const;
  void bind(TimePoint now, const IpAddress& ip, const Owner& owner);
  void remove(Index index);
  [[nodiscard]] Index take_place(TimePoint now, bool for_lan);
  [[nodiscard]] Index choose_victim(TimePoint now, bool for_lan);
  // The client's least recently used address of this family when it has as many as it may; else kNone.
  [[nodiscard]] Index oldest_over_quota(IpAddress::Family family, const proto::Mac& client) const;

  std::vector<Binding> places_;
  std::array<Index, kCapacity> by_ip_;
  std::array<Index, 256> by_client_;
  Index free_ = kNone;
  std::size_t hand_ = 0;  // where the next search for a place to reuse begins
};

}  // namespace softlan::relay
