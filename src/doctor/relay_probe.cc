#include "doctor/relay_probe.h"

#include <algorithm>
#include <utility>

#include "ctrl/validate.h"

namespace softlan::doctor {
namespace {

constexpr std::string_view kName = "softlan doctor";

}  // namespace

RelayProbe::RelayProbe(Visitor visitor, Random& random)
    : visitor_(std::move(visitor)), random_(random), pass_(visitor_.pass) {
  visit_.role = visitor_.role;
  visit_.with_pass = !visitor_.pass.empty();
}

void RelayProbe::on_dialled(TimePoint now, link::Link& link, const SocketAddress& address) {
  dials_.push_back({&link, address});
  next_ = now + kPatience;
}

void RelayProbe::on_no_way(std::string reason) {
  visit_.end = link::LinkEnd{link::LinkFault::unreachable, 0, std::move(reason)};
}

void RelayProbe::on_link_up(TimePoint now, link::Link& link) {
  const auto dial = std::ranges::find(dials_, &link, &Dial::link);
  if (dial == dials_.end()) return;
  dial->heard = true;
  if (link_) {
    dial->link = nullptr;
    return link.close(link::CloseCode::leave, "not needed");
  }
  visit_.answered = dial->address;
  visit_.end.reset();
  next_ = now + kPatience;
  greet(link);
}

void RelayProbe::greet(link::Link& link) {
  link_ = &link;
  ctrl::Hello hello;
  hello.role = visitor_.role;
  hello.room = visitor_.room;
  hello.mac = visitor_.mac;
  hello.name = kName;
  hello.software = visitor_.software;
  hello.capabilities = {std::string(ctrl::kCapFragment), std::string(ctrl::kCapEcho), std::string(ctrl::kCapFiller)};
  hello.budget = static_cast<std::uint32_t>(link.stats().budget);
  if (visit_.with_pass) {
    const std::string self = ctrl::authorization_identity(visitor_.role, visitor_.mac);
    scram_.emplace(visitor_.room, self, pass_, link.channel_binding(), random_);
    hello.scram = scram_->first();
  }
  send(hello);
}

void RelayProbe::on_link_down(TimePoint, link::Link& link, const link::LinkEnd& end) {
  const auto dial = std::ranges::find(dials_, &link, &Dial::link);
  if (dial != dials_.end()) dial->link = nullptr;
  if (link_ && link_ != &link) return;
  if (!visit_.reject) visit_.end = end;
  const bool last = std::ranges::all_of(dials_, [](const Dial& other) { return other.link == nullptr; });
  if (std::exchange(link_, nullptr) || last) finish();
}

void RelayProbe::on_control(TimePoint now, link::Link& link, Bytes bytes) {
  if (&link != link_) return;
  framer_.append(bytes);
  for (;;) {
    const auto json = framer_.next();
    if (!json || !*json) return;
    if (const auto message = ctrl::decode(**json)) on_message(now, *message);
    if (over_) return;
  }
}

void RelayProbe::on_message(TimePoint now, const ctrl::Message& message) {
  if (const auto* challenge = std::get_if<ctrl::Challenge>(&message)) {
    on_challenge(*challenge);
  } else if (const auto* welcome = std::get_if<ctrl::Welcome>(&message)) {
    on_welcome(now, *welcome);
  } else if (const auto* reject = std::get_if<ctrl::Reject>(&message)) {
    visit_.reject = *reject;
    finish();
  }
}

void RelayProbe::on_challenge(const ctrl::Challenge& challenge) {
  auto proof = scram_ ? scram_->on_server_first(challenge.scram) : fail("not asked for");
  if (!proof) return finish();
  send(ctrl::Proof{*std::move(proof)});
}

void RelayProbe::on_welcome(TimePoint now, const ctrl::Welcome& welcome) {
  if (visit_.seated) return;
  visit_.seated = true;
  visit_.gateway_there = welcome.gateway != kRelayPeer && welcome.gateway != welcome.peer;
  visit_.proven = scram_ && !welcome.scram.empty() && scram_->verify_server_final(welcome.scram);
  stay_until_ = now + kStays;
  send_echo(now);
}

void RelayProbe::send(const ctrl::Message& message) { (void)link_->send_control(ctrl::encode(message)); }

// The cookie is the number of the echo.
void RelayProbe::send_echo(TimePoint now) {
  link_->send_echo(now, kRelayPeer, {.target = kRelayPeer, .cookie = asked_.size(), .reply = false});
  asked_.push_back(now);
  visit_.echoes_sent = static_cast<unsigned>(asked_.size());
  next_ = now + kEchoInterval;
}

void RelayProbe::on_received(TimePoint now, std::span<link::Received> received) {
  for (const link::Received& one : received) {
    if (one.from != link_ || !one.is_echo || !one.echo.reply || one.echo.cookie >= asked_.size()) continue;
    if (visit_.echoes.size() < asked_.size()) visit_.echoes.push_back(now - asked_[one.echo.cookie]);
  }
}

void RelayProbe::on_deadline(TimePoint now) {
  if (over_ || now < next_) return;
  if (!visit_.seated) return finish();
  if (now + kEchoInterval < stay_until_) return send_echo(now);
  if (now < stay_until_) {  // for the last answers
    next_ = stay_until_;
    return;
  }
  finish();
}

void RelayProbe::take_stats() {
  if (!link_) return;
  visit_.rtt = link_->stats().rtt;
  visit_.budget = link_->stats().budget;
}

// Those that gave no answer while the other family did; after a visit too short to tell, none.
void RelayProbe::settle_families() {
  if (!visit_.seated) return;
  for (const Dial& dial : dials_) {
    const IpAddress::Family family = dial.address.ip.family;
    const bool heard = std::ranges::any_of(
        dials_, [family](const Dial& other) { return other.heard && other.address.ip.family == family; });
    if (!heard && std::ranges::count(visit_.silent, family) == 0) visit_.silent.push_back(family);
  }
}

void RelayProbe::finish() {
  take_stats();
  settle_families();
  over_ = true;
  next_ = kNever;
  for (Dial& dial : dials_)
    if (dial.link) std::exchange(dial.link, nullptr)->close(link::CloseCode::leave, "the doctor has seen enough");
  link_ = nullptr;
}

}  // namespace softlan::doctor
