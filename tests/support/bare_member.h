// Members of a real relay, driven by the shipped session, dialler and sockets, with no LAN and no TAP behind them: they
// say whatever they are told to, for benchmarks and as hostile members.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/frame_pool.h"
#include "obs/diagnostics.h"
#include "obs/log.h"
#include "platform/system_random.h"
#include "proto/mac.h"
#include "quic/tls.h"
#include "runtime/dialer.h"
#include "runtime/loop.h"
#include "session/session.h"

namespace softlan::test {

// In the certificate a relay makes for itself.
inline constexpr char kServerName[] = "lanparty-relay.local";

// What members of one program share.
struct Ground {
  HostPort relay;
  quic::Trust trust;
  runtime::Loop& loop;
  FramePool pool{16384};
  platform::SystemRandom random{};
  obs::Log log = obs::Log::quiet();
};

// One member of the room; what its frames mean is its owner's business.
class BareMember final : private session::Member, private session::Listener {
 public:
  using FrameHandler = std::function<void(TimePoint, Bytes)>;

  // Borrows `ground`. Of `who`, only room, role, mac, pass and software count.
  BareMember(Ground& ground, session::Config who, FrameHandler on_frame = {});

  void join(TimePoint now) { session_.start(now); }
  void leave(TimePoint now) { session_.leave(now); }
  void send(TimePoint now, Bytes frame) { session_.send_frame(now, ground_.pool.copy(frame)); }
  [[nodiscard]] bool seated() const { return session_.seated(); }
  [[nodiscard]] bool was_seated() const { return was_seated_; }
  [[nodiscard]] const proto::Mac& mac() const { return mac_; }
  // What was last told to a person, in one sentence; empty before anything was.
  [[nodiscard]] const std::string& last_word() const { return last_word_; }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void on_seated(TimePoint, const ctrl::Welcome&) override { was_seated_ = true; }
  void on_unseated(TimePoint) override {}
  void on_peer_joined(TimePoint, const ctrl::PeerJoined&) override {}
  void on_peer_left(TimePoint, const ctrl::PeerJoined&) override {}
  void on_frames(TimePoint now, std::span<const link::Received> frames) override {
    for (const link::Received& one : frames) {
      if (on_frame_) on_frame_(now, one.frame.bytes());
    }
  }
  [[nodiscard]] const obs::Counters& counters() const override { return counters_; }
  void on_condition(obs::Condition condition, const obs::Details& details) override {
    last_word_ = obs::explain(condition, details);
  }
  void on_ended(bool) override { ended_ = true; }

  Ground& ground_;
  proto::Mac mac_;
  FrameHandler on_frame_;
  std::unique_ptr<quic::TlsContext> tls_;
  runtime::Dialer dialer_;
  session::Session session_;
  obs::Counters counters_;
  std::string last_word_;
  bool was_seated_ = false;
  bool ended_ = false;
};

// The relay's own certificate, or its issuer's; no trust at all when the file cannot be read.
[[nodiscard]] quic::Trust read_trust(const std::string& path);

// The MAC that members of one program give themselves by number.
[[nodiscard]] proto::Mac numbered_mac(std::uint16_t number);

}  // namespace softlan::test
