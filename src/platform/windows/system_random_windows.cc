#include <windows.h>
// which these need:
#include <bcrypt.h>

#include <algorithm>

#include "base/check.h"
#include "platform/system_random.h"

namespace softlan::platform {

void SystemRandom::fill(MutableBytes out) {
  constexpr std::size_t kMost = 1U << 20;
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), kMost);
    SOFTLAN_CHECK(BCryptGenRandom(nullptr, out.data(), static_cast<ULONG>(count), BCRYPT_USE_SYSTEM_PREFERRED_RNG) ==
                  0);
    out = out.subspan(count);
  }
}

}  // namespace softlan::platform
