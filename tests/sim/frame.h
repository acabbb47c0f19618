// Frames of simulated traffic: real Ethernet frames whose payload says which flow they belong to and their place in it.
//
//   Ethernet header, ethertype 0x88b6 (local experiments, IEEE 802) | flow (4) | number (4) | pattern up to the size
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "proto/mac.h"

namespace softlan::sim {

inline constexpr std::size_t kSmallestFrame = 22;
inline constexpr proto::Mac kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

struct FlowFrame {
  std::uint32_t flow = 0;
  std::uint32_t number = 0;
  bool intact = false;  // the pattern is what was sent
};

// `size` is at least kSmallestFrame.
[[nodiscard]] std::vector<std::uint8_t> make_frame(const proto::Mac& to, const proto::Mac& from, std::uint32_t flow,
                                                   std::uint32_t number, std::size_t size);
// Empty for frames of anybody else's.
[[nodiscard]] std::optional<FlowFrame> read_frame(Bytes frame);

}  // namespace softlan::sim
