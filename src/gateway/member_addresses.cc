#include "gateway/member_addresses.h"

#include <algorithm>
#include <bit>
#include <span>

#include "base/bytes.h"
#include "proto/arp.h"
#include "proto/icmp.h"

namespace softlan::gateway {
namespace {

// What a frame says its sender's address is.
std::optional<IpAddress> sender_of(const proto::FrameView& frame) {
  if (const auto arp = proto::parse_arp(frame)) return arp->sender;
  if (const auto packet = proto::parse_transport(frame)) return packet->source;
  return {};
}

std::optional<IpAddress> question_of(const proto::PacketView& packet) {
  if (const auto arp = proto::parse_arp(packet.frame)) return arp->target;
  if (packet.chain != proto::HeaderChain::whole) return {};
  return proto::solicited_address(packet.transport);
}

}  // namespace

void MemberAddresses::learn(const proto::FrameView& frame) {
  const auto ip = sender_of(frame);
  if (!ip || *ip == IpAddress{ip->family, {}}) return;
  const auto row = std::span(places_).subspan(row_of(*ip), kRowSize);
  auto place = std::ranges::find(row, *ip, &Place::ip);
  if (place == row.end()) --place;
  std::rotate(row.begin(), place, place + 1);
  row.front() = {.ip = *ip, .member = frame.source};
}

std::optional<IpAddress> MemberAddresses::asked_for(const proto::PacketView& packet) const {
  const auto ip = question_of(packet);
  return ip && contains(*ip) ? ip : std::nullopt;
}

void MemberAddresses::forget(const proto::Mac& member) {
  for (Place& place : places_) {
    if (place.member == member) place = {};
  }
}

void MemberAddresses::clear() { std::ranges::fill(places_, Place{}); }

std::size_t MemberAddresses::row_of(const IpAddress& ip) {
  constexpr std::size_t rows = kCapacity / kRowSize;
  static_assert(std::has_single_bit(rows));
  constexpr std::uint64_t golden_ratio = 0x9e37'79b9'7f4a'7c15;  // Fibonacci hashing: Knuth, TAOCP 3, section 6.4
  const std::uint64_t mixed = (load_be64(ip.bytes.data()) * golden_ratio) ^ load_be64(&ip.bytes[8]);
  return ((mixed * golden_ratio) >> (64 - std::countr_zero(rows))) * kRowSize;
}

bool MemberAddresses::contains(const IpAddress& ip) const {
  return std::ranges::count(std::span(places_).subspan(row_of(ip), kRowSize), ip, &Place::ip) != 0;
}

}  // namespace softlan::gateway
