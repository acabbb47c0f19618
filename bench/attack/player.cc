#include "attack/player.h"

namespace softlan::bench {

namespace {

constexpr char kServerName[] = "lanparty-relay.local";

runtime::DialerConfig dialer_config(const HostPort& relay, const std::string& room) {
  runtime::DialerConfig config;
  config.relay = relay;
  config.server_name = kServerName;
  config.room = room;
  return config;
}

session::Config session_config(const std::string& room, ctrl::Role role, const proto::Mac& mac) {
  session::Config config;
  config.role = role;
  config.room = room;
  config.mac = mac;
  config.software = "attack";
  config.server_name = kServerName;
  config.join_timeout = Duration::zero();
  return config;
}

}  // namespace

Player::Player(Ground& ground, const std::string& room, ctrl::Role role, std::uint16_t number, FrameHandler on_frame)
    : ground_(ground),
      mac_{{0x02, 0, 0x5e, 0x10, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}},
      on_frame_(std::move(on_frame)),
      tls_(quic::TlsContext::for_member(quic::generate_identity().value(), ground.trust).value()),
      dialer_(dialer_config(ground.relay, room), ground.loop, *tls_, ground.pool, ground.random, ground.log),
      session_(session_config(room, role, mac_), dialer_, *this, *this, ground.random, ground.log) {
  dialer_.attach(session_);
  ground.loop.attach({.next_deadline = [this] { return session_.next_deadline(); },
                      .on_deadline = [this](TimePoint now) { session_.on_deadline(now); },
                      .flush = {}});
}

}  // namespace softlan::bench
