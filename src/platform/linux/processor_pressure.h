// For how long somebody had to wait for a processor of this machine: pressure stall information
// (Documentation/accounting/psi.rst), /proc/pressure/cpu.
#pragma once

#include <string>

#include "base/time.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

class ProcessorPressure {
 public:
  static constexpr const char* kFile = "/proc/pressure/cpu";

  explicit ProcessorPressure(const std::string& file = kFile);

  // False when this system keeps no such account: older than Linux 4.20, switched off, or hidden from us.
  [[nodiscard]] bool is_known() const { return static_cast<bool>(file_); }
  // Since the system was started; with microseconds. Zero when nothing is known.
  [[nodiscard]] Duration contended() const;

 private:
  FileDescriptor file_;
};

}  // namespace softlan::platform
