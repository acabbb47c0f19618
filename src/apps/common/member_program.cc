#include "apps/common/member_program.h"

#include <utility>

#include "base/text.h"
#include "obs/snapshot.h"

namespace softlan::apps {

namespace {

// A goodbye gets this long to leave.
constexpr Duration kGoodbyeStep = std::chrono::milliseconds(20);
constexpr int kGoodbyeSteps = 25;

bool is_seat(obs::Condition condition) {
  return condition >= obs::Condition::seated_with_gateway && condition <= obs::Condition::seated_as_gateway;
}

// Why there is no seat, as opposed to what happens in the room.
bool is_refusal(obs::Condition condition) {
  return condition >= obs::Condition::name_not_found && condition <= obs::Condition::replaced;
}

}  // namespace

MemberProgram::MemberProgram(const CommandLine& line, runtime::Loop& loop, FramePool& pool, Random& random,
                             runtime::Voice& voice, std::unique_ptr<quic::TlsContext> tls, runtime::DialerConfig dialer,
                             session::Config session, session::Member& member)
    : line_(line),
      loop_(loop),
      voice_(voice),
      tls_(std::move(tls)),
      dialer_(std::move(dialer), loop, *tls_, pool, random, voice.log()),
      session_(std::move(session), dialer_, member, *this, random, voice.log()) {
  dialer_.attach(session_);
  loop_.attach({.next_deadline = [this] { return session_.next_deadline(); },
                .on_deadline = [this](TimePoint now) { session_.on_deadline(now); },
                .flush = {}});
}

int MemberProgram::run() {
  loop_.on_stop_signal([this](TimePoint now) { session_.leave(now); });
  loop_.turn([this](TimePoint now) { session_.start(now); });
  loop_.run();
  return exit_code_;
}

void MemberProgram::give_up(const std::string& message) {
  exit_code_ = fail(message);
  session_.leave(loop_.now());
}

void MemberProgram::on_condition(obs::Condition condition, const obs::Details& details) {
  if (condition == obs::Condition::pass_needed && ask_) {
    asks_ = true;
    return;
  }
  const std::string sentence = obs::explain(condition, details);
  if (is_refusal(condition) && !details.retry_in) {
    fail(sentence);
    return;
  }
  voice_.tell(sentence);
  if (is_seat(condition) && on_seated_) on_seated_();
}

void MemberProgram::on_ended(bool failed) {
  if (std::exchange(asks_, false)) return loop_.after(Duration::zero(), [this] { go_on_with_a_pass(); });
  voice_.end_view();
  if (failed) exit_code_ = kExitFailure;
  log_traffic();
  stop_when_idle(kGoodbyeSteps);
}

void MemberProgram::go_on_with_a_pass() {
  const auto ask = std::exchange(ask_, {});
  voice_.clear();
  const auto credentials = ask();
  if (!credentials) return on_ended(true);
  // In a turn of its own: a person may have taken their time.
  loop_.after(Duration::zero(),
              [this, credentials] { session_.start_with(loop_.now(), credentials->pass, credentials->found); });
}

int MemberProgram::fail(const std::string& sentence) {
  voice_.end_view();
  voice_.note(sentence);
  return line_.give_up(sentence);
}

void MemberProgram::log_traffic() {
  const obs::Counters totals = session_.totals();
  if (totals.in.datagrams + totals.out.datagrams == 0) return;  // it never came to a seat
  voice_.log().info("traffic", {{"frames_sent", totals.out.frames},
                                {"frames_received", totals.in.frames},
                                {"bytes_sent", totals.out.bytes},
                                {"bytes_received", totals.in.bytes},
                                {"drops", obs::drops_text(totals)}});
}

void MemberProgram::stop_when_idle(int checks_left) {
  if (checks_left == 0 || dialer_.idle()) return loop_.stop();
  loop_.after(kGoodbyeStep, [this, checks_left] { stop_when_idle(checks_left - 1); });
}

}  // namespace softlan::apps
