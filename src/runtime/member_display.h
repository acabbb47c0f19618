// Shows a member's status once a second: as the view on a terminal, or as objects for programs. Where nobody would see
// either it does nothing.
#pragma once

#include "base/time.h"
#include "runtime/member_console.h"
#include "runtime/voice.h"

namespace softlan::runtime {

class MemberDisplay {
 public:
  // Borrows both.
  MemberDisplay(const MemberConsole& console, Voice& voice) : console_(console), voice_(voice) {}

  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return next_; }

 private:
  const MemberConsole& console_;
  Voice& voice_;
  TimePoint next_{};
};

}  // namespace softlan::runtime
