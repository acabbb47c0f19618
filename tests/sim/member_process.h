// What gateway and client have in common as programs: the real session, and a QUIC endpoint for every dial.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/frame_pool.h"
#include "quic/endpoint.h"
#include "session/session.h"
#include "sim/credentials.h"
#include "sim/internet.h"
#include "sim/link_book.h"
#include "sim/process.h"

namespace softlan::sim {

struct MemberSetup {
  std::string name;
  ctrl::Role role = ctrl::Role::client;
  std::string room;
  proto::Mac mac;
  const quic::TlsContext* tls = nullptr;
  SocketAddress relay;
  Duration join_timeout{};  // for the first seat; zero: for ever
};

class MemberProcess : public Process, private session::Surroundings, private session::Listener {
 public:
  // Borrows `access` and `member`, which need not be constructed yet.
  MemberProcess(Sim& sim, Access& access, const MemberSetup& setup, session::Member& member);
  ~MemberProcess() override;

  void start();
  // As on SIGTERM.
  void leave();

  [[nodiscard]] const session::Session& session() const { return session_; }
  // The program is over: it left, or was refused for good.
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] const FramePool& pool() const { return pool_; }
  [[nodiscard]] std::size_t dials() const { return dials_.size(); }
  [[nodiscard]] std::vector<LinkAccount> accounts() const;

 protected:
  // Of the core that `member` is.
  [[nodiscard]] virtual TimePoint core_deadline() const = 0;
  virtual void on_core_deadline(TimePoint now) = 0;

  session::Session& live_session() { return session_; }
  FramePool& live_pool() { return pool_; }
  obs::Log& log() { return log_; }

 private:
  class Dial;

  TimePoint next_deadline() const override;
  void on_deadline(TimePoint now) override;
  void flush(TimePoint now) override;

  void resolve() override;
  Result<link::Link*> dial(TimePoint now, const SocketAddress& address) override;
  [[nodiscard]] Dial* find(std::uint16_t port);

  void on_condition(obs::Condition condition, const obs::Details& details) override;
  void on_ended(bool failed) override;

  Access& access_;
  MemberSetup setup_;
  FramePool pool_;
  SeededRandom random_;
  obs::Log log_ = obs::Log::quiet();
  std::vector<LinkAccount> past_accounts_;
  std::vector<std::unique_ptr<Dial>> dials_;
  session::Session session_;
  bool over_ = false;
};

}  // namespace softlan::sim
