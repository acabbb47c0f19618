#include "sim/nat.h"

namespace softlan::sim {

std::uint16_t Nat::outside(std::uint16_t inside) {
  const auto [mapping, is_new] = to_outside_.try_emplace(inside, next_);
  if (is_new) to_inside_[next_++] = inside;
  return mapping->second;
}

std::optional<std::uint16_t> Nat::inside(std::uint16_t outside) const {
  const auto mapping = to_inside_.find(outside);
  if (mapping == to_inside_.end()) return std::nullopt;
  return mapping->second;
}

void Nat::rebind() {
  to_outside_.clear();
  to_inside_.clear();
}

}  // namespace softlan::sim
