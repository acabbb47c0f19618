#include "doctor/lan_probe.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "proto/arp.h"
#include "proto/beacon.h"
#include "proto/dhcp.h"
#include "proto/spanning_tree.h"

namespace softlan::doctor {
namespace {

constexpr std::size_t kMostAsked = 8;
constexpr std::size_t kMostOwn = 4;
constexpr std::size_t kMostNamed = 8;     // of each kind: servers, routers, gateways, holders of an address
constexpr std::size_t kMostSeen = 512;    // broadcasts remembered
constexpr unsigned kUnmistakable = 1000;  // frames of ours that came back: no more is needed, or wanted
constexpr unsigned kArpRounds = 4;
constexpr Duration kRound = std::chrono::seconds(1);
constexpr std::uint8_t kRouterAdvertisement = 134;

template <typename T>
void add(std::vector<T>& list, const T& item) {
  if (list.size() < kMostNamed && std::ranges::find(list, item) == list.end()) list.push_back(item);
}

// A single host's, as opposed to 0.0.0.0, 127.0.0.0/8, groups and everybody.
bool is_host(const IpAddress& address) {
  const std::uint8_t first = address.bytes[0];
  return address.family == IpAddress::Family::v4 && first != 0 && first != 127 && first < 224;
}

std::size_t hash_of(Bytes frame) {
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(frame.data()), frame.size()});
}

}  // namespace

LanProbe::LanProbe(Acquaintance known, LanPort& port) : known_(std::move(known)), port_(port) {
  for (const IpAddress& address : known_.own_addresses)
    if (lan_.asked.size() < kMostOwn) want(address, true);
  for (const IpAddress& address : known_.hosts) want(address);
}

void LanProbe::want(const IpAddress& address, bool own) {
  const bool known = std::ranges::find(lan_.asked, address, &Asked::address) != lan_.asked.end();
  if (known || lan_.asked.size() == kMostAsked || !is_host(address)) return;
  lan_.asked.push_back({.address = address, .own = own});
  if (own) lan_.asked.back().holders.push_back(known_.own);
}

void LanProbe::start(TimePoint now) {
  began_ = now;
  ask();
  next_ = now + kRound;
}

void LanProbe::on_deadline(TimePoint now) {
  if (over() || now < next_) return;
  lan_.listened = now - began_;
  if (lan_.listened >= kListens || lan_.returned >= kUnmistakable) {
    next_ = kNever;
    return;
  }
  ask();
  next_ += kRound;
}

void LanProbe::ask() {
  if (round_ < kArpRounds) {
    for (const Asked& asked : lan_.asked) {
      if (!asked.foreign_heard) send_foreign(arp_probe(known_.foreign, asked.address));
      if (!asked.own && !asked.own_heard) port_.send(arp_probe(known_.own, asked.address));
    }
    if (round_ % 2 == 0) send_foreign(dhcp_discover(known_.foreign, known_.transaction));
    if (round_ == 0) send_foreign(router_solicitation(known_.foreign));  // each one more makes some routers wait longer
  }
  ++round_;
}

void LanProbe::send_foreign(const Frame& frame) {
  port_.send(frame);
  ++lan_.sent;
}

void LanProbe::on_frame(Bytes bytes) {
  const auto frame = proto::parse_frame(bytes);
  if (!frame || over()) return;
  if (frame->source == known_.foreign) {
    ++lan_.returned;
    return;
  }
  if (frame->destination.is_multicast()) count_broadcast(*frame);
  if (const auto root = proto::spanning_tree_root(*frame)) lan_.spanning_tree_root = to_string(*root);
  on_arp(*frame);
  on_ip(*frame);
  on_softlan(*frame);
}

void LanProbe::on_arp(const proto::FrameView& frame) {
  const auto arp = proto::parse_arp(frame);
  if (!arp || !is_host(arp->sender)) return;
  want(arp->sender);
  const auto asked = std::ranges::find(lan_.asked, arp->sender, &Asked::address);
  if (asked == lan_.asked.end()) return;
  add(asked->holders, arp->sender_mac);
  if (frame.destination == known_.foreign) asked->foreign_heard = true;
  if (frame.destination == known_.own && frame.source != known_.own) asked->own_heard = true;
}

void LanProbe::on_ip(const proto::FrameView& frame) {
  const auto packet = proto::parse_transport(frame);
  if (!packet) return;
  if (const auto offer = proto::parse_dhcp_offer(*packet); offer && offer->transaction == known_.transaction) {
    add(lan_.dhcp_servers, offer->server);
    want(offer->server);
  }
  const bool v6 = packet->source.family == IpAddress::Family::v6;
  if (v6 && packet->carries(proto::protocol::icmpv6) && !packet->header.empty() &&
      packet->header[0] == kRouterAdvertisement && packet->hop_limit == 255)
    add(lan_.ipv6_routers, packet->source);
}

void LanProbe::on_softlan(const proto::FrameView& frame) {
  if (proto::parse_beacon(frame)) add(lan_.softlan_gateways, frame.source);
}

void LanProbe::count_broadcast(const proto::FrameView& frame) {
  ++lan_.broadcasts;
  const std::size_t hash = hash_of(frame.bytes);
  if (seen_.size() == kMostSeen && !seen_.contains(hash)) return;
  const unsigned times = ++seen_[hash];
  if (times <= lan_.most_repeats) return;
  lan_.most_repeats = times;
  lan_.repeated = frame.source;
}

}  // namespace softlan::doctor
