// On kernels that lose UDP super-frames (platform/linux/offload_features.h): keeps what makes them off on the gateway's
// interface, and puts it back at the end. Does nothing on newer ones.
//
// What is to be put back stands in a file until it has been, so that the next start does it for a gateway that was
// killed: {"interface": "eth0", "offloads": ["rx-gro-list", ...]}.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "obs/log.h"

namespace softlan::runtime {

class OffloadGuard {
 public:
  // `kernel` is a release as uname(2) gives it. Puts back at once what an earlier gateway left in `file`.
  OffloadGuard(std::string file, std::string kernel, obs::Log& log);
  ~OffloadGuard() { restore(); }
  OffloadGuard(const OffloadGuard&) = delete;
  OffloadGuard& operator=(const OffloadGuard&) = delete;

  // Switches off what is on; once more when the interface went and returned.
  void protect(const std::string& interface);

 private:
  [[nodiscard]] Result<void> switch_off(const std::string& interface);
  void restore();

  std::string file_;
  std::string kernel_;
  obs::Log& log_;
};

}  // namespace softlan::runtime
