// Counts this program's heap allocations by standing in front of operator new and of malloc.
//
// For glibc, without sanitizers (they stand there themselves). Each thread has a count of its own.
#pragma once

#include <cstddef>

namespace softlan::test {

struct Allocations {
  std::size_t ours = 0;       // operator new: C++, so this project and its C++ libraries
  std::size_t libraries = 0;  // malloc, calloc, realloc: ngtcp2, GnuTLS, nettle

  Allocations& operator+=(const Allocations& other) {
    ours += other.ours;
    libraries += other.libraries;
    return *this;
  }
  friend Allocations operator-(const Allocations& a, const Allocations& b) {
    return {a.ours - b.ours, a.libraries - b.libraries};
  }
};

// Of this thread, since it began.
[[nodiscard]] Allocations allocations();

}  // namespace softlan::test
