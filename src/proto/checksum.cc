#include "proto/checksum.h"

#include <bit>

#include "proto/checksum_avx2.h"
#include "proto/lanes_sum.h"

namespace softlan::proto {

namespace {

// In a register of any CPU we build for.
using Lanes = std::uint64_t __attribute__((vector_size(16)));

#if defined(SOFTLAN_AVX2)
constexpr std::size_t kWorthAvx2 = 256;  // bytes
const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
#endif

std::uint32_t sum_of(Bytes data) {
#if defined(SOFTLAN_AVX2)
  if (data.size() >= kWorthAvx2 && has_avx2) return avx2_sum(data.data(), data.size());
#endif
  return lanes_sum<Lanes, false>(data.data(), data.size(), nullptr);
}

std::uint32_t sum_and_copy(Bytes data, std::uint8_t* to) {
#if defined(SOFTLAN_AVX2)
  if (data.size() >= kWorthAvx2 && has_avx2) return avx2_sum_copy(data.data(), data.size(), to);
#endif
  return lanes_sum<Lanes, true>(data.data(), data.size(), to);
}

std::uint32_t fold_once(std::uint32_t sum) { return (sum & 0xffff) + (sum >> 16); }

std::uint32_t to_network_order(std::uint32_t sum16) {
  if constexpr (std::endian::native == std::endian::big) return sum16;
  return ((sum16 & 0xff) << 8) | (sum16 >> 8);
}

}  // namespace

std::uint32_t checksum_add(std::uint32_t sum, Bytes data) { return fold_once(sum) + to_network_order(sum_of(data)); }

std::uint32_t checksum_copy(std::uint32_t sum, Bytes data, std::uint8_t* to) {
  return fold_once(sum) + to_network_order(sum_and_copy(data, to));
}

std::uint16_t checksum_fold(std::uint32_t sum) { return static_cast<std::uint16_t>(~fold_once(fold_once(sum))); }

}  // namespace softlan::proto
