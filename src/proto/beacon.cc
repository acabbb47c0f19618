#include "proto/beacon.h"

#include <algorithm>

namespace softlan::proto {
namespace {

constexpr std::size_t kShortestWireFrame = 60;  // IEEE 802.3, without the FCS
constexpr std::uint8_t kBeaconKind = 1;
constexpr std::uint8_t kBeaconVersion = 1;
constexpr std::size_t kProofAt = 12;
constexpr std::size_t kBearerAt = 28;
constexpr std::size_t kBeaconSize = 34;
constexpr Mac kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

// A broadcast of zeros, which is what a refresh frame is.
FrameRef own_frame(FramePool& pool, const Mac& source) {
  FrameRef frame = pool.acquire(kShortestWireFrame);
  if (!frame) return frame;
  const MutableBytes bytes = frame.mutable_bytes();
  std::ranges::fill(bytes, std::uint8_t{0});
  kBroadcast.store(&bytes[0]);
  source.store(&bytes[6]);
  store_be16(&bytes[12], ethertype::softlan);
  return frame;
}

}  // namespace

std::array<std::uint8_t, 12> proven_part(const Beacon& beacon) {
  std::array<std::uint8_t, 12> bytes = {kBeaconKind, kBeaconVersion, static_cast<std::uint8_t>(beacon.way), 0};
  store_be64(&bytes[4], beacon.number);
  return bytes;
}

std::optional<Beacon> parse_beacon(const FrameView& frame) {
  const Bytes bytes = frame.payload;
  if (frame.ethertype != ethertype::softlan || bytes.size() < kBeaconSize) return {};
  if (bytes[0] != kBeaconKind || bytes[1] != kBeaconVersion || bytes[2] > 1 || bytes[3] != 0) return {};
  Beacon beacon{.way = BeaconWay{bytes[2]}, .number = load_be64(&bytes[4])};
  std::ranges::copy(bytes.subspan(kProofAt, beacon.proof.size()), beacon.proof.begin());
  beacon.bearer = Mac::load(&bytes[kBearerAt]);
  return beacon;
}

bool is_refresh(const FrameView& frame) {
  if (frame.ethertype != ethertype::softlan || frame.destination != kBroadcast) return false;
  return std::ranges::all_of(frame.payload, [](std::uint8_t byte) { return byte == 0; });
}

FrameRef make_beacon(FramePool& pool, const Mac& gateway, const Beacon& beacon) {
  FrameRef frame = own_frame(pool, gateway);
  if (!frame) return frame;
  const MutableBytes payload = frame.mutable_bytes().subspan(kEthernetHeaderSize);
  std::ranges::copy(proven_part(beacon), payload.begin());
  std::ranges::copy(beacon.proof, payload.subspan(kProofAt).begin());
  return frame;
}

FrameRef make_refresh(FramePool& pool, const Mac& member) { return own_frame(pool, member); }

FrameRef name_bearer(const FrameRef& frame, const FrameView& view, const Mac& client) {
  const auto beacon = parse_beacon(view);
  if (!beacon || beacon->way != BeaconWay::into_room || !beacon->bearer.is_zero()) return {};
  FrameRef named = frame.copy();
  if (!named) return named;
  const std::size_t header_size = view.bytes.size() - view.payload.size();
  client.store(&named.mutable_bytes()[header_size + kBearerAt]);
  return named;
}

}  // namespace softlan::proto
