#include "hostile/false_proof.h"

#include <utility>
#include <variant>

#include "ctrl/validate.h"
#include "platform/linux/udp_socket.h"

namespace softlan::test {

FalseProof::FalseProof(Ground& ground, const SocketAddress& relay, const session::Config& who, std::string kind)
    : ground_(ground),
      who_(who),
      kind_(std::move(kind)),
      pass_(kind_ == "wrong_pass" ? who.pass + "x" : who.pass),
      tls_(quic::TlsContext::for_member(quic::generate_identity().value(), ground.trust).value()),
      pump_(ground.loop, platform::UdpSocket::connect(relay, "").value(), buffers_),
      endpoint_({}, *tls_, ground.pool, ground.random, *this, pump_) {
  pump_.start(endpoint_);
  endpoint_.dial(ground.loop.now(), {pump_.local(), relay}, kServerName, quic::room_hash(who.room));
  ground.loop.attach({.next_deadline = [this] { return endpoint_.next_deadline(); },
                      .on_deadline = [this](TimePoint now) { endpoint_.on_deadline(now); },
                      .flush = [this](TimePoint now) { endpoint_.flush(now); }});
}

ctrl::Hello FalseProof::hello(const link::Link& link) {
  ctrl::Hello hello;
  hello.role = kind_ == "other_role" ? ctrl::Role::gateway : who_.role;
  hello.room = who_.room;
  hello.mac = who_.mac;
  hello.software = who_.software;
  if (kind_ == "none") return hello;
  proto::Mac proven = who_.mac;
  if (kind_ == "other_mac") proven.bytes[5] ^= 1;
  link::ChannelBinding binding = link.channel_binding();
  if (kind_ == "other_line") binding[0] ^= 1;
  scram_.emplace(who_.room, ctrl::authorization_identity(hello.role, proven), pass_, binding, ground_.random);
  hello.scram = kind_ == "garbage" ? "p=tls-exporter,,n=,r=" : scram_->first();
  return hello;
}

void FalseProof::on_link_up(TimePoint, link::Link& link) {
  if (kind_ == "unasked") say(link, ctrl::Proof{.scram = "c=biws,r=x,p=AAAA"});
  say(link, hello(link));
}

void FalseProof::on_link_down(TimePoint, link::Link&, const link::LinkEnd& end) {
  if (outcome_.empty()) outcome_ = "closed: " + end.reason;
}

void FalseProof::on_control(TimePoint, link::Link& link, Bytes bytes) {
  framer_.append(bytes);
  for (auto json = framer_.next(); json && *json && outcome_.empty(); json = framer_.next()) {
    const auto message = ctrl::decode(**json);
    if (!message) {
      outcome_ = "closed: not understood here";
    } else if (const auto* challenge = std::get_if<ctrl::Challenge>(&*message)) {
      answer(link, challenge->scram);
    } else if (const auto* reject = std::get_if<ctrl::Reject>(&*message)) {
      outcome_ = fmt::format("rejected {}: {}", ctrl::to_string(reject->code), reject->message);
    } else if (std::holds_alternative<ctrl::Welcome>(*message)) {
      outcome_ = "seated";
    }
  }
}

void FalseProof::answer(link::Link& link, std::string_view challenge) {
  if (!scram_) return;
  const auto proof = scram_->on_server_first(challenge);
  if (!proof) {
    outcome_ = "closed: " + proof.error().message;
    return;
  }
  say(link, ctrl::Proof{.scram = *proof});
}

void FalseProof::say(link::Link& link, const ctrl::Message& message) {
  static_cast<void>(link.send_control(ctrl::encode(message)));
}

}  // namespace softlan::test
