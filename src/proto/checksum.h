// The Internet checksum (RFC 1071), as many bytes at a time as the CPU takes.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace softlan::proto {

// The sum over `data`, continuing from `sum`; neither folded nor complemented. Only the last piece of what is summed
// may be odd in size.
[[nodiscard]] std::uint32_t checksum_add(std::uint32_t sum, Bytes data);

// The same, and `data` copied to `to`, where there is room for it: one pass over the bytes instead of two.
[[nodiscard]] std::uint32_t checksum_copy(std::uint32_t sum, Bytes data, std::uint8_t* to);

// `sum` folded to 16 bits and complemented: what goes into the packet.
[[nodiscard]] std::uint16_t checksum_fold(std::uint32_t sum);

}  // namespace softlan::proto
