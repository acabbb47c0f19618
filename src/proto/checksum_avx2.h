// The checksum's sum with registers of 32 bytes, of which this file alone is compiled for: only for a CPU that has
// AVX2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace softlan::proto {

// As lanes_sum() (lanes_sum.h).
[[nodiscard]] std::uint32_t avx2_sum(const std::uint8_t* from, std::size_t size);
[[nodiscard]] std::uint32_t avx2_sum_copy(const std::uint8_t* from, std::size_t size, std::uint8_t* to);

}  // namespace softlan::proto
