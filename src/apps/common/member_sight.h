// What a running gateway or client shows of itself once a second, and can be asked about.
#pragma once

#include <utility>

#include "runtime/loop.h"
#include "runtime/member_console.h"
#include "runtime/member_display.h"
#include "runtime/voice.h"
#include "session/session.h"

namespace softlan::apps {

class MemberSight {
 public:
  // Borrows `loop`, `voice` and `session`. `facts` may be empty.
  MemberSight(runtime::Launch launch, runtime::Loop& loop, runtime::Voice& voice, const session::Session& session,
              runtime::FactsSource facts = {})
      : console_(loop.now(), std::move(launch), voice, session, std::move(facts)), display_(console_, voice) {
    loop.attach({.next_deadline = [this] { return console_.next_deadline(); },
                 .on_deadline = [this](TimePoint now) { console_.on_deadline(now); },
                 .flush = {}});
    loop.attach({.next_deadline = [this] { return display_.next_deadline(); },
                 .on_deadline = [this](TimePoint now) { display_.on_deadline(now); },
                 .flush = {}});
  }
  MemberSight(const MemberSight&) = delete;
  MemberSight& operator=(const MemberSight&) = delete;

  [[nodiscard]] runtime::Answering answering() const {
    return [this](TimePoint now, auto words) { return console_.answer(now, words); };
  }

 private:
  runtime::MemberConsole console_;
  runtime::MemberDisplay display_;
};

}  // namespace softlan::apps
