#include "proto/checksum_avx2.h"

#include "proto/lanes_sum.h"

namespace softlan::proto {

namespace {
using WideLanes = std::uint64_t __attribute__((vector_size(32)));
}

std::uint32_t avx2_sum(const std::uint8_t* from, std::size_t size) {
  return lanes_sum<WideLanes, false>(from, size, nullptr);
}

std::uint32_t avx2_sum_copy(const std::uint8_t* from, std::size_t size, std::uint8_t* to) {
  return lanes_sum<WideLanes, true>(from, size, to);
}

}  // namespace softlan::proto
