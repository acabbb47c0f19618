#include "proto/checksum.h"

#include <bit>
#include <cstring>

namespace softlan::proto {

namespace {

std::uint64_t load(const std::uint8_t* p) {
  std::uint64_t word;
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
std::uint32_t native_sum(Bytes data) {
  const std::uint8_t* p = data.data();
  std::size_t left = data.size();
  std::uint64_t a = 0, b = 0, c = 0, d = 0;  // four chains of additions, for the CPU to run side by side
  for (; left >= 32; left -= 32, p += 32) {
    a = add(a, load(p));
    b = add(b, load(p + 8));
    c = add(c, load(p + 16));
    d = add(d, load(p + 24));
  }
  for (; left >= 8; left -= 8, p += 8) a = add(a, load(p));
  if (left > 0) {
    std::uint8_t last[8] = {};
    std::memcpy(last, p, left);
    b = add(b, load(last));
  }
  const std::uint64_t sum = add(add(a, b), add(c, d));
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
  return fold_once(sum) + to_network_order(native_sum(data));
}

std::uint16_t checksum_fold(std::uint32_t sum) { return static_cast<std::uint16_t>(~fold_once(fold_once(sum))); }

}  // namespace softlan::proto
