// What a frame is made of, as the kernel wants to be told.
#pragma once

#include <sys/uio.h>

#include <array>
#include <span>

#include "base/bytes.h"
#include "proto/coalesce.h"

namespace softlan::platform {

// Enough for one bundle of the Coalescer.
using Vectors = std::array<iovec, proto::Coalescer::kMostFrames + 4>;

// Fills `to`, which has room for them, with the pieces that are not empty; answers how many there are.
inline std::size_t gather(std::span<const Bytes> pieces, std::span<iovec> to) {
  std::size_t count = 0;
  for (const Bytes piece : pieces)
    if (!piece.empty()) to[count++] = {.iov_base = const_cast<std::uint8_t*>(piece.data()), .iov_len = piece.size()};
  return count;
}

}  // namespace softlan::platform
