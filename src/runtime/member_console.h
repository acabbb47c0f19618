// What a gateway or a client can be asked while it runs, as words (status_server.h): status text|json.
#pragma once

#include <span>
#include <string>

#include "base/time.h"
#include "obs/snapshot.h"
#include "runtime/status_server.h"
#include "session/session.h"

namespace softlan::runtime {

class MemberConsole {
 public:
  // Borrows `session`.
  MemberConsole(TimePoint now, std::string software, const session::Session& session)
      : software_(std::move(software)), session_(session), started_(now) {}

  [[nodiscard]] Answer answer(TimePoint now, std::span<const std::string> words) const;

  // Measures rates, once a second.
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return sample_at_; }

 private:
  std::string software_;
  const session::Session& session_;
  TimePoint started_;
  TimePoint sample_at_{};
  obs::RateMeter rates_;
};

}  // namespace softlan::runtime
