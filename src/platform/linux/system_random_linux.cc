#include <sys/random.h>

#include <cerrno>

#include "base/check.h"
#include "platform/system_random.h"

namespace softlan::platform {

void SystemRandom::fill(MutableBytes out) {
  while (!out.empty()) {
    const ssize_t count = getrandom(out.data(), out.size(), 0);
    SOFTLAN_CHECK(count > 0 || errno == EINTR);
    if (count > 0) out = out.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace softlan::platform
