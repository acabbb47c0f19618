// The part of gateway and client that lives between their flags and their cores: loop, connections, session, status
// sentences, and a clean goodbye.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "apps/common/command_line.h"
#include "apps/common/member_options.h"
#include "base/frame_pool.h"
#include "base/random.h"
#include "quic/tls.h"
#include "runtime/dialer.h"
#include "runtime/loop.h"
#include "runtime/voice.h"
#include "session/session.h"

namespace softlan::apps {

class MemberProgram final : private session::Listener {
 public:
  // Borrows `line`, `loop`, `pool`, `random`, `voice` and `member`.
  MemberProgram(const CommandLine& line, runtime::Loop& loop, FramePool& pool, Random& random, runtime::Voice& voice,
                std::unique_ptr<quic::TlsContext> tls, runtime::DialerConfig dialer, session::Config session,
                session::Member& member);

  [[nodiscard]] session::Session& session() { return session_; }
  // Where a pass comes from when the relay wants one and none was given: asked once. Empty: there is none.
  struct Credentials {
    std::string pass;
    ctrl::Founding found;
  };
  void on_pass_needed(std::function<std::optional<Credentials>()> ask) { ask_ = std::move(ask); }
  // Called whenever there is a seat (again).
  void on_seated(std::function<void()> handler) { on_seated_ = std::move(handler); }
  // Joins the room and stays until a signal or a final refusal; the exit code.
  int run();
  // Ends the program with this sentence: something it cannot do without is gone.
  void give_up(const std::string& message);

 private:
  // session::Listener
  void on_condition(obs::Condition condition, const obs::Details& details) override;
  void on_ended(bool failed) override;
  void go_on_with_a_pass();
  int fail(const std::string& sentence);
  void stop_when_idle(int checks_left);
  void log_traffic();

  const CommandLine& line_;
  runtime::Loop& loop_;
  runtime::Voice& voice_;
  std::unique_ptr<quic::TlsContext> tls_;
  runtime::Dialer dialer_;
  session::Session session_;
  std::function<std::optional<Credentials>()> ask_;
  bool asks_ = false;
  std::function<void()> on_seated_;
  int exit_code_ = 0;
};

}  // namespace softlan::apps
