// What every fuzz target is made of: its entry point, and its input taken piece by piece.
//
// A target is a function from bytes to nothing: it ends the process (SOFTLAN_CHECK, a sanitizer) when a promise of the
// code under test is broken, and returns otherwise. It keeps no state between two calls and takes time from its input.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"

// The name libFuzzer calls; always returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace softlan::fuzz {

// Reads the chosen bytes from the front. Past the end numbers are 0 and strings are empty, so that any bytes mean
// something.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

  [[nodiscard]] bool empty() const { return left_.empty(); }
  [[nodiscard]] std::uint8_t u8() {
    const Bytes one = bytes(1);
    return one.empty() ? std::uint8_t{0} : one[0];
  }
  [[nodiscard]] std::uint16_t u16() {
    const std::uint8_t high = u8();
    return static_cast<std::uint16_t>((high << 8) | u8());
  }
  // The next `size` bytes, or what is left of them.
  [[nodiscard]] Bytes bytes(std::size_t size) {
    const Bytes taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }
  // A string of up to 255 bytes behind its length.
  [[nodiscard]] Bytes short_string() { return bytes(u8()); }
  [[nodiscard]] Bytes rest() { return bytes(left_.size()); }

 private:
  Bytes left_;
};

[[nodiscard]] inline std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace softlan::fuzz
