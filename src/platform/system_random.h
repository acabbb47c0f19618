// Randomness of the operating system, good for secrets.
#pragma once

#include "base/random.h"

namespace softlan::platform {

// getrandom(2), which blocks only in the first seconds after boot, until the kernel's pool is ready; BCryptGenRandom on
// Windows.
class SystemRandom final : public Random {
 public:
  void fill(MutableBytes out) override;
};

}  // namespace softlan::platform
