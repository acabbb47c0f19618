// A real member (session, bridge, endpoint with QUIC and TLS) in memory, and a hostile relay in front of it.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "client/bridge.h"
#include "gateway/bridge.h"
#include "hostile/raw_peer.h"
#include "hostile/relay_world.h"
#include "hostile/words.h"
#include "quic/endpoint.h"
#include "session/test_session.h"

namespace softlan::hostile {

// Counts what a card or a LAN was given.
class CountingPort final : public client::TapPort, public gateway::LanPort {
 public:
  std::size_t write(std::span<const FrameRef> frames) override {
    written += frames.size();
    return 0;
  }
  void set_mtu(std::uint16_t size) override { mtu = size; }
  void set_carrier(bool on) override { carrier = on; }

  std::uint64_t written = 0;
  std::uint16_t mtu = 0;
  bool carrier = false;
};

// Counts conditions, as often as they are told.
class CountingListener final : public session::Listener {
 public:
  void on_condition(obs::Condition condition, const obs::Details& details) override {
    ++told[static_cast<std::size_t>(condition)];
    last = condition;
    last_message = details.message;
  }
  void on_ended(bool) override { ended = true; }

  [[nodiscard]] std::uint64_t heard(obs::Condition condition) const {
    return told[static_cast<std::size_t>(condition)];
  }

  std::array<std::uint64_t, 64> told{};
  obs::Condition last{};
  std::string last_message;
  bool ended = false;
};

class StrangeRelayWorld : public testing::Test, public session::Surroundings {
 protected:
  explicit StrangeRelayWorld(ctrl::Role role);

  // A relay the member has said hello to; the one before it, if any, is gone.
  RawPeer& meet();
  // The same, with a seat in its room: PeerId 7.
  RawPeer& seat();
  void run(Duration time);
  // Until the relay has sent all it was told to, or is gone.
  void run_out(const RawPeer& relay);
  // Drops the member told the relay of, under a reason.
  [[nodiscard]] static std::uint64_t told_drops(const RawPeer& relay, std::string_view reason);
  // A packet of the relay that is with the member now.
  void inject(const Packet& packet);
  // Whether a relay that behaves gets the member back.
  [[nodiscard]] bool comes_back();

  void resolve() override { lookup_ = true; }
  Result<link::Link*> dial(TimePoint now, const SocketAddress& address) override;

  TimePoint now_{std::chrono::seconds(1)};
  SeededRandom random_{5};
  FramePool pool_{4096};
  obs::Log log_ = obs::Log::quiet();
  CountingPort port_;
  CountingListener listener_;
  client::Bridge client_{proto::test::test_mac(1), port_};
  gateway::Bridge gateway_{{}, pool_, port_, log_};
  session::Session session_;

 private:
  struct Dial {
    Wire wire;
    std::unique_ptr<quic::Endpoint> endpoint;
    std::unique_ptr<RawPeer> relay;  // once its Initial has arrived
    std::size_t looked_at = 0;       // of what the relay heard
  };

  void turn();
  void carry(Dial& dial);
  // However strange, it answers echoes: a member leaves one that does not.
  static void answer_echoes(Dial& dial);
  void hand_over(Dial& dial, const Packet& packet);

  quic::KeyedCertificate certificate_;
  std::unique_ptr<quic::TlsContext> tls_;
  bool lookup_ = false;
  bool started_ = false;
  std::uint16_t next_port_ = 3000;
  std::list<Dial> dials_;
};

}  // namespace softlan::hostile
