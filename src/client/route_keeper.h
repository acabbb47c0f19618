// Keeps the player's PC sorted between home and party while the virtual network card ("the TAP") is there:
//
//   the relay       reached the way it was without the TAP, by a host route ("pin") to each of its addresses
//   broadcasts      leave on the TAP: the lowest metric of all interfaces
//   everything else stays at home: default routes and name servers heard of at the party are not used
//   frames          fit the room: the MTU of the TAP
//
// All of it for IPv4 and IPv6, looked at again when the machine says that something changed and every kCheckInterval,
// and put back by stop(), newest first. What is changed is remembered in an Undo before, so that the next start puts
// back what a killed client left (network_undo.h). No I/O, no clock.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/network_settings.h"
#include "base/time.h"
#include "base/undo.h"

namespace softlan::client {

struct RouteStatus {
  struct Relay {
    IpAddress address;
    std::optional<RouteEntry> path;  // the way packets to it go
    bool pinned = false;             // there because of us

    auto operator<=>(const Relay&) const = default;
  };
  std::vector<Relay> relays;
  std::array<std::optional<InterfaceSettings>, 2> tap;  // as they are now, for IPv4 and IPv6
  std::vector<InterfaceAddress> tap_addresses;
  std::vector<std::string> troubles;  // sentences
};

class RouteListener {
 public:
  virtual ~RouteListener() = default;
  // Once for as long as the trouble lasts.
  virtual void on_trouble(const std::string& sentence) = 0;
};

class RouteKeeper {
 public:
  static constexpr std::size_t kMaxRelays = 16;  // addresses beyond are not pinned
  static constexpr std::uint32_t kTapMetric = 1;
  static constexpr Duration kCheckInterval = std::chrono::seconds(10);
  static constexpr Duration kSettleTime = std::chrono::milliseconds(200);  // changes come in flocks

  // Borrowed, all of them. Nothing happens before start().
  RouteKeeper(InterfaceId tap, NetworkSettings& network, Undo& undo, RouteListener& listener);
  ~RouteKeeper() { stop(); }
  RouteKeeper(const RouteKeeper&) = delete;
  RouteKeeper& operator=(const RouteKeeper&) = delete;

  void start(TimePoint now);
  // Where the relay may be dialled, before it is.
  void set_relays(TimePoint now, std::span<const IpAddress> relays);
  void set_mtu(TimePoint now, std::uint16_t mtu);
  // Routes, addresses or interfaces of the machine changed.
  void on_change(TimePoint now);
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return next_check_; }
  // Puts back what can be; the rest stays remembered for the next start.
  void stop();

  // As of the last look.
  [[nodiscard]] const RouteStatus& status() const { return status_; }

 private:
  void check(TimePoint now);
  void read_table();
  void pin_relays();
  void pin(const IpAddress& relay);
  void unpin(const Route& route);
  void settle_tap(IpAddress::Family family);
  void silence_name_servers(IpAddress::Family family);
  void verify_relays();
  void look_at_addresses();
  void look_at_broadcasts();

  // Remembers `change`, then has it made; false after a failure, which is told.
  template <typename Make>
  bool make(const Change& change, Make&& how);
  void forget(const Change& change);
  [[nodiscard]] std::vector<Route> pins() const;
  void tell(std::string sentence);

  InterfaceId tap_;
  NetworkSettings& network_;
  Undo& undo_;
  RouteListener& listener_;
  bool started_ = false;
  std::vector<IpAddress> relays_;
  std::optional<std::uint16_t> mtu_;
  std::vector<RouteEntry> table_;
  std::vector<Change> changes_;  // ours, oldest first
  RouteStatus status_;
  std::vector<std::string> told_;  // troubles of the look before
  TimePoint next_check_ = kNever;
};

}  // namespace softlan::client
