// The loop of the Internet checksum for vector registers of any width: checksum.cc has it for those of every CPU,
// checksum_avx2.cc for wider ones. What is here belongs to the file that includes it, which may be compiled for a CPU
// that others are not; so it uses nothing of the standard library that another file might share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace softlan::proto {
namespace {

template <typename Word>
[[gnu::always_inline]] inline Word load_word(const std::uint8_t* p) {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// One's complement addition: what is carried out at the top comes back in at the bottom.
[[gnu::always_inline]] inline std::uint64_t add_around(std::uint64_t a, std::uint64_t b) {
  a += b;
  return a + (a < b ? 1 : 0);
}

// The 16-bit sum of `left` bytes in the machine's byte order, of which the network's is the byte swap (RFC 1071,
// section 2 (B)); copies them to `to` on the way. `Lanes` is a vector of 64-bit lanes (GCC and clang, "Vector
// Extensions"), in which halves of 32 bits are summed, so that nothing is carried.
template <typename Lanes, bool copying>
std::uint32_t lanes_sum(const std::uint8_t* from, std::size_t left, [[maybe_unused]] std::uint8_t* to) {
  constexpr std::size_t kWidth = sizeof(Lanes);
  const Lanes low_halves = Lanes{} + 0xffff'ffff;
  Lanes a{}, b{}, c{}, d{};  // four chains of additions, for the CPU to run side by side
  for (; left >= 2 * kWidth; left -= 2 * kWidth, from += 2 * kWidth) {
    const Lanes first = load_word<Lanes>(from);
    const Lanes second = load_word<Lanes>(from + kWidth);
    if constexpr (copying) {
      std::memcpy(to, &first, kWidth);
      std::memcpy(to + kWidth, &second, kWidth);
      to += 2 * kWidth;
    }
    a += first & low_halves;
    b += first >> 32;
    c += second & low_halves;
    d += second >> 32;
  }
  const Lanes lanes = a + b + c + d;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kWidth / 8; ++i) sum += lanes[i];
  for (; left >= 8; left -= 8, from += 8) {
    const auto word = load_word<std::uint64_t>(from);
    if constexpr (copying) {
      std::memcpy(to, &word, 8);
      to += 8;
    }
    sum = add_around(sum, word);
  }
  if (left > 0) {
    std::uint8_t last[8] = {};
    std::memcpy(last, from, left);
    if constexpr (copying) std::memcpy(to, last, left);
    sum = add_around(sum, load_word<std::uint64_t>(last));
  }
  const std::uint64_t halves = (sum & 0xffff'ffff) + (sum >> 32);
  const std::uint64_t quarters = (halves & 0xffff) + ((halves >> 16) & 0xffff) + (halves >> 32);
  const std::uint64_t folded = (quarters & 0xffff) + (quarters >> 16);
  return static_cast<std::uint32_t>((folded & 0xffff) + (folded >> 16));
}

}  // namespace
}  // namespace softlan::proto
