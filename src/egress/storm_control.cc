#include "egress/storm_control.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"

namespace softlan::egress {
namespace {

constexpr std::uint64_t kGoldenRatio = 0x9e37'79b9'7f4a'7c15;  // Fibonacci hashing: Knuth, TAOCP 3, section 6.4

std::uint64_t llc_kind(Bytes header) { return header.size() < 2 ? 0 : load_be16(header.data()); }

// Protocol and, if it is UDP and not hidden in a later fragment, destination port.
std::uint64_t ip_kind(const proto::TransportView& transport) {
  const bool has_port = transport.carries(proto::protocol::udp) && transport.header.size() >= 4;
  const std::uint64_t port = has_port ? load_be16(&transport.header[2]) : 0;
  return std::uint64_t{transport.protocol} << 16 | port;
}

std::size_t place_of(std::uint64_t key, std::size_t places) {
  return (key * kGoldenRatio) >> (64 - std::countr_zero(places));
}

}  // namespace

std::uint64_t broadcast_kind(const proto::PacketView& packet) {
  if (packet.frame.is_llc()) return llc_kind(packet.frame.payload);
  const std::uint64_t inside = packet.chain == proto::HeaderChain::whole ? ip_kind(packet.transport) : 0;
  return std::uint64_t{packet.frame.ethertype} << 32 | inside;
}

std::uint64_t broadcast_kind_of_source(const proto::PacketView& packet) {
  const std::uint64_t source = packet.frame.source.number() * kGoldenRatio;
  return broadcast_kind(packet) ^ source ^ source >> 32;
}

StormControl::StormControl(std::uint32_t per_second, std::size_t places)
    : interval_(per_second == 0 ? Duration::zero() : Duration(std::chrono::seconds(1)) / per_second),
      paid_until_(places) {
  SOFTLAN_CHECK(places > 1 && std::has_single_bit(places));
}

bool StormControl::take(TimePoint now, std::uint64_t key) {
  if (interval_ == Duration::zero()) return true;
  TimePoint& paid_until = paid_until_[place_of(key, paid_until_.size())];
  const TimePoint paid = std::max(now, paid_until) + interval_;
  if (paid - now > kBurst) return false;
  paid_until = paid;
  return true;
}

}  // namespace softlan::egress
