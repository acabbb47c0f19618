#include "support/bare_member.h"

#include <fstream>
#include <iterator>
#include <utility>

namespace softlan::test {

namespace {

runtime::DialerConfig dialer_config(const HostPort& relay, const std::string& room) {
  runtime::DialerConfig config;
  config.relay = relay;
  config.server_name = kServerName;
  config.room = room;
  return config;
}

session::Config complete(session::Config who) {
  who.server_name = kServerName;
  who.join_timeout = Duration::zero();
  return who;
}

}  // namespace

BareMember::BareMember(Ground& ground, session::Config who, FrameHandler on_frame)
    : ground_(ground),
      mac_(who.mac),
      on_frame_(std::move(on_frame)),
      tls_(quic::TlsContext::for_member(quic::generate_identity().value(), ground.trust).value()),
      dialer_(dialer_config(ground.relay, who.room), ground.loop, *tls_, ground.pool, ground.random, ground.log),
      session_(complete(std::move(who)), dialer_, *this, *this, ground.random, ground.log) {
  dialer_.attach(session_);
  ground.loop.attach({.next_deadline = [this] { return session_.next_deadline(); },
                      .on_deadline = [this](TimePoint now) { session_.on_deadline(now); },
                      .flush = {}});
}

quic::Trust read_trust(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {.ca = {std::istreambuf_iterator<char>(file), {}}};
}

proto::Mac numbered_mac(std::uint16_t number) {
  return {{0x02, 0, 0x5e, 0x10, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

}  // namespace softlan::test
