// Randomness is given to the cores, so that a simulated run can be repeated from its seed.
#pragma once

#include "base/bytes.h"

namespace softlan {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(MutableBytes out) = 0;

  [[nodiscard]] std::uint64_t next_u64();
  // Uniform in [0, bound); bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  // Uniform in [0, 1).
  [[nodiscard]] double unit();
};

// Repeatable and not for secrets: xoshiro256** seeded through splitmix64 (Blackman and Vigna).
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(MutableBytes out) override;

 private:
  std::uint64_t step();
  std::uint64_t state_[4];
};

}  // namespace softlan
