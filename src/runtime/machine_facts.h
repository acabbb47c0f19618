// What the machine knows of a member's card and of its way to the relay, for the person who looks at the status.
// Everything is optional: systems differ in what they can tell, and each fills in what it knows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "proto/mac.h"

namespace softlan::runtime {

// Empty texts and lists are unknown, too.
struct CardFacts {
  std::string name{};  // "lanparty0"
  std::string guid{};  // "{01234567-...}", of a Windows adapter
  std::optional<std::uint32_t> index{};
  std::optional<std::uint64_t> luid{};
  std::string driver{};  // "TAP-Windows 9.27"
  std::optional<proto::Mac> mac{};
  std::optional<std::uint32_t> mtu{};
  std::optional<std::vector<std::string>> addresses{};  // with their prefix lengths; empty: it has none
};

struct WayFacts {
  std::string interface{};
  std::optional<std::uint32_t> index{};
  std::optional<std::uint64_t> luid{};
  std::optional<IpAddress> source{};
  std::optional<IpAddress> next_hop{};  // none: the relay is a neighbour
  std::string pinned{};                 // how it is held: "host route", "socket bound to it"
};

struct MachineFacts {
  std::string system{};
  std::optional<CardFacts> card{};
  std::optional<WayFacts> way{};
  std::vector<std::string> notices{};  // sentences about what is wrong as long as they are here
};

// In one line: "lanparty0 (#12), 02:5e:10:00:00:0a, MTU 1500".
[[nodiscard]] std::string describe(const CardFacts& card);
// "wlan0 (#3), from 192.168.1.7 by 192.168.1.1".
[[nodiscard]] std::string describe(const WayFacts& way);

// Asked at most once a second, on the loop's thread.
using FactsSource = std::function<MachineFacts()>;

}  // namespace softlan::runtime
