#include "proto/checksum.h"

#include <bit>
#include <cstring>

namespace softlan::proto {

namespace {

// Two sums side by side in a vector register of any CPU we build for (GCC and clang, "Vector Extensions").
using Lanes = std::uint64_t __attribute__((vector_size(16)));
constexpr Lanes kLowHalves = {0xffff'ffff, 0xffff'ffff};

template <typename Word>
Word load(const std::uint8_t* p) {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// One's complement addition: what is carried out at the top comes back in at the bottom.
std::uint64_t add(std::uint64_t a, std::uint64_t b) {
  a += b;
  return a + (a < b ? 1 : 0);
}

std::uint32_t fold_once(std::uint32_t sum) { return (sum & 0xffff) + (sum >> 16); }

// The 16-bit sum in the machine's byte order, of which the network's is the byte swap (RFC 1071, section 2 (B)).
// Halves of 32 bits are summed in lanes of 64, so that nothing is carried.
template <bool copying>
std::uint32_t native_sum(Bytes data, std::uint8_t* to) {
  const std::uint8_t* from = data.data();
  std::size_t left = data.size();
  const auto take = [&]<typename Word>(std::size_t offset) {
    const Word word = load<Word>(from + offset);
    if constexpr (copying) std::memcpy(to + offset, &word, sizeof word);
    return word;
  };
  const auto advance = [&](std::size_t size) {
    from += size;
    left -= size;
    if constexpr (copying) to += size;
  };
  Lanes a{}, b{}, c{}, d{};  // four chains of additions, for the CPU to run side by side
  for (; left >= 32; advance(32)) {
    const Lanes first = take.template operator()<Lanes>(0);
    const Lanes second = take.template operator()<Lanes>(16);
    a += first & kLowHalves;
    b += first >> 32;
    c += second & kLowHalves;
    d += second >> 32;
  }
  const Lanes lanes = a + b + c + d;
  std::uint64_t sum = lanes[0] + lanes[1];
  for (; left >= 8; advance(8)) sum = add(sum, take.template operator()<std::uint64_t>(0));
  if (left > 0) {
    std::uint8_t last[8] = {};
    std::memcpy(last, from, left);
    if constexpr (copying) std::memcpy(to, last, left);
    sum = add(sum, load<std::uint64_t>(last));
  }
  const std::uint64_t halves = (sum & 0xffff'ffff) + (sum >> 32);
  const std::uint64_t quarters = (halves & 0xffff) + ((halves >> 16) & 0xffff) + (halves >> 32);
  return fold_once(fold_once(static_cast<std::uint32_t>(quarters)));
}

std::uint32_t to_network_order(std::uint32_t sum16) {
  if constexpr (std::endian::native == std::endian::big) return sum16;
  return ((sum16 & 0xff) << 8) | (sum16 >> 8);
}

}  // namespace

std::uint32_t checksum_add(std::uint32_t sum, Bytes data) {
  return fold_once(sum) + to_network_order(native_sum<false>(data, nullptr));
}

std::uint32_t checksum_copy(std::uint32_t sum, Bytes data, std::uint8_t* to) {
  return fold_once(sum) + to_network_order(native_sum<true>(data, to));
}

std::uint16_t checksum_fold(std::uint32_t sum) { return static_cast<std::uint16_t>(~fold_once(fold_once(sum))); }

}  // namespace softlan::proto
