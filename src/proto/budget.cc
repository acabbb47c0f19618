#include "proto/budget.h"

#include "base/frame_pool.h"
#include "proto/ethernet.h"
#include "proto/fragment.h"
#include "proto/overlay.h"

namespace softlan::proto {

std::size_t unfragmented_mtu(std::size_t budget) {
  constexpr std::size_t overhead = kOverlayHeaderSize + kEthernetHeaderSize;
  return budget > overhead ? budget - overhead : 0;
}

std::size_t datagrams_needed(std::size_t frame_size, std::size_t budget) {
  if (frame_size < kEthernetHeaderSize || frame_size > kMaxFrameSize) return 0;
  if (frame_size + kOverlayHeaderSize <= budget) return 1;
  if (budget <= kFragmentHeaderSize) return 0;
  const std::size_t room = budget - kFragmentHeaderSize;
  const std::size_t parts = (frame_size + room - 1) / room;
  return parts <= Reassembler::kMaxParts ? parts : 0;
}

}  // namespace softlan::proto
