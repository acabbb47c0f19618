#include "proto/spanning_tree.h"

#include <fmt/format.h>

namespace softlan::proto {
namespace {

constexpr std::uint64_t kBridgeGroup = 0x0180'c200'0000;
constexpr std::uint8_t kService = 0x42;  // LLC service access point
constexpr std::uint8_t kUnnumbered = 0x03;
constexpr std::size_t kTypeAt = 6;  // behind LLC, protocol identifier and version
constexpr std::size_t kFlagsAt = 7;
constexpr std::size_t kRootAt = 8;
constexpr std::size_t kRootSize = 8;

constexpr std::uint8_t kConfiguration = 0x00;
constexpr std::uint8_t kRapid = 0x02;  // multiple spanning trees use it too
constexpr std::uint8_t kTopologyChangeNotification = 0x80;
constexpr std::uint8_t kTopologyChange = 0x01;

bool is_bpdu(const FrameView& frame) {
  const Bytes bytes = frame.payload;
  if (frame.destination.number() != kBridgeGroup || !frame.is_llc() || bytes.size() <= kTypeAt) return false;
  return bytes[0] == kService && bytes[1] == kService && bytes[2] == kUnnumbered && load_be16(&bytes[3]) == 0;
}

bool is_configuration(Bytes bpdu) { return bpdu[kTypeAt] == kConfiguration || bpdu[kTypeAt] == kRapid; }

}  // namespace

bool announces_topology_change(const FrameView& frame) {
  const Bytes bytes = frame.payload;
  if (!is_bpdu(frame)) return false;
  if (bytes[kTypeAt] == kTopologyChangeNotification) return true;
  return is_configuration(bytes) && bytes.size() > kFlagsAt && (bytes[kFlagsAt] & kTopologyChange) != 0;
}

std::string to_string(const BridgeId& bridge) { return fmt::format("{}.{}", bridge.priority, to_string(bridge.mac)); }

std::optional<BridgeId> spanning_tree_root(const FrameView& frame) {
  const Bytes bytes = frame.payload;
  if (!is_bpdu(frame) || !is_configuration(bytes) || bytes.size() < kRootAt + kRootSize) return {};
  return BridgeId{.priority = load_be16(&bytes[kRootAt]), .mac = Mac::load(&bytes[kRootAt + 2])};
}

}  // namespace softlan::proto
