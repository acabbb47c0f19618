// What a gateway or a client can be asked while it runs, as words (answering.h): status text|json, and diagnose.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "obs/snapshot.h"
#include "runtime/answering.h"
#include "runtime/machine_facts.h"
#include "runtime/member_report.h"
#include "runtime/voice.h"
#include "session/session.h"

namespace softlan::runtime {

// What the program was started with.
struct Launch {
  std::string software;
  std::vector<std::string> flags;    // with the values that may be shown
  std::vector<std::string> secrets;  // that must not
};

class MemberConsole {
 public:
  // Borrows `voice` and `session`. `facts` may be empty.
  MemberConsole(TimePoint now, Launch launch, const Voice& voice, const session::Session& session, FactsSource facts);

  [[nodiscard]] Answer answer(TimePoint now, std::span<const std::string> words) const;
  [[nodiscard]] MemberReport report(TimePoint now) const;

  // Measures rates, once a second.
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return sample_at_; }

 private:
  Launch launch_;
  const Voice& voice_;
  const session::Session& session_;
  FactsSource facts_;
  TimePoint started_;
  TimePoint sample_at_{};
  obs::RateMeter rates_;
};

}  // namespace softlan::runtime
