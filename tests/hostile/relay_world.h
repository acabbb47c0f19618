// A real relay (its endpoint with QUIC and TLS, and its core) in memory, and hostile peers around it.
#pragma once

#include <gtest/gtest.h>

#include <list>
#include <sstream>
#include <string>
#include <string_view>

#include "hostile/raw_peer.h"
#include "quic/endpoint.h"
#include "relay/relay.h"

namespace softlan::hostile {

// Keeps what an endpoint sends.
class Wire final : public PacketSender {
 public:
  bool send(SendBatch& batch) override;
  Packets packets;
};

SocketAddress address(std::uint8_t last, std::uint16_t port);

class RelayWorld : public testing::Test {
 protected:
  explicit RelayWorld(const relay::RelayConfig& relay = {}, const quic::EndpointConfig& endpoint = {});

  // A peer that has begun its handshake, with an identity of its own unless `config` brings one.
  RawPeer& dial(RawConfig config = {});
  // The same, after the handshake.
  RawPeer& connect(RawConfig config = {});
  // The same, with a seat.
  RawPeer& join(std::uint8_t number, RawConfig config = {});
  // Peers whose connection has ended, and all that is known of them.
  void forget(const RawPeer& peer);

  // A packet from nowhere.
  void inject(Bytes packet);
  void run(Duration time);
  // Until the peer has sent all it was told to, or is gone.
  void run_out(const RawPeer& peer);

  [[nodiscard]] const relay::Room* room() const;
  // The member with the MAC 02:00:00:00:00:<number>, or null.
  [[nodiscard]] const relay::Seat* seat(std::uint8_t number) const;
  [[nodiscard]] bool logged(std::string_view words) const { return log_text_.str().find(words) != std::string::npos; }
  // Whether somebody new gets a welcome.
  [[nodiscard]] bool serves_newcomers();

  TimePoint now_{std::chrono::seconds(1)};
  SeededRandom random_{3};
  FramePool pool_{4096};
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text);
  quic::KeyedCertificate certificate_;
  std::unique_ptr<quic::TlsContext> tls_;
  relay::Door door_ = relay::Door::passless();
  relay::Relay relay_;
  Wire wire_;
  quic::Endpoint endpoint_;
  std::list<RawPeer> peers_;

 private:
  void turn();
  void deliver(const Packets& packets);

  std::list<quic::KeyedCertificate> identities_;
  std::uint16_t next_port_ = 2000;
};

}  // namespace softlan::hostile
