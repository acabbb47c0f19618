// Session, once connected: messages of the relay, frames, echoes and stats.
#include <algorithm>
#include <utility>

#include "ctrl/validate.h"
#include "obs/snapshot.h"
#include "session/session.h"

namespace softlan::session {

namespace {

constexpr Duration kStatsInterval = std::chrono::seconds(5);
constexpr Duration kEchoInterval = std::chrono::seconds(1);
constexpr Duration kShortestKeepAlive = std::chrono::seconds(1);
constexpr std::size_t kMaxPeers = 1024;

// How a person calls a member.
std::string title(const ctrl::PeerJoined& peer) { return peer.name.empty() ? proto::to_string(peer.mac) : peer.name; }

std::uint32_t in_microseconds(std::optional<Duration> time) {
  return time ? static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(*time).count()) : 0;
}

ctrl::Echoes told(const EchoTally& tally) { return {.due = tally.due, .lost = tally.lost}; }

// A place that was ours a moment ago may be held by our own shadow until the relay notices: worth asking again.
bool may_be_our_shadow(ctrl::RejectCode code) {
  using enum ctrl::RejectCode;
  return code == mac_taken || code == gateway_taken || code == room_full || code == relay_full;
}

}  // namespace

void Session::on_control(TimePoint now, link::Link& link, Bytes bytes) {
  if (&link != link_) return;
  framer_.append(bytes);
  while (&link == link_) {
    const auto json = framer_.next();
    if (!json) return misunderstood(now, json.error().message);
    if (!*json) return;
    const auto message = ctrl::decode(**json);
    if (!message) return misunderstood(now, message.error().message);
    on_message(now, *message);
  }
}

void Session::misunderstood(TimePoint now, const std::string& what) {
  drop_link(link::CloseCode::protocol_error, what);
  attempt_failed(now, obs::Condition::relay_misunderstood, what);
}

void Session::on_message(TimePoint now, const ctrl::Message& message) {
  if (const auto* challenge = std::get_if<ctrl::Challenge>(&message)) {
    on_challenge(now, *challenge);
  } else if (const auto* welcome = std::get_if<ctrl::Welcome>(&message)) {
    on_welcome(now, *welcome);
  } else if (const auto* reject = std::get_if<ctrl::Reject>(&message)) {
    on_reject(now, *reject);
  } else if (const auto* joined = std::get_if<ctrl::PeerJoined>(&message)) {
    on_joined(now, *joined);
  } else if (const auto* left = std::get_if<ctrl::PeerLeft>(&message)) {
    on_left(now, *left);
  } else if (const auto* goodbye = std::get_if<ctrl::Disconnect>(&message)) {
    attempt_failed(now, obs::Condition::relay_closed, goodbye->reason);
  }
  // Anything else is not for a member: ignored, like unknown messages.
}

void Session::on_challenge(TimePoint now, const ctrl::Challenge& challenge) {
  if (state_ != State::greeting || !scram_) return misunderstood(now, "a challenge nobody asked for");
  auto proof = scram_->on_server_first(challenge.scram);
  if (!proof) return attempt_failed(now, obs::Condition::relay_misunderstood, proof.error().message, true);
  send(ctrl::Proof{*std::move(proof)});
}

void Session::on_welcome(TimePoint now, const ctrl::Welcome& welcome) {
  if (state_ != State::greeting) return misunderstood(now, "a second welcome");
  if (welcome.protocol != ctrl::kProtocolVersion) {
    return attempt_failed(now, obs::Condition::relay_not_softlan, "it speaks another version of the protocol", true);
  }
  if (scram_) {
    if (welcome.scram.empty()) {
      return attempt_failed(now, obs::Condition::relay_unproven, "it asked for no proof, and gave none", true);
    }
    const auto proven = scram_->verify_server_final(welcome.scram);
    if (!proven) return attempt_failed(now, obs::Condition::relay_unproven, proven.error().message, true);
  }
  unseat(now);  // from a connection that has gone silent
  state_ = State::seated;
  was_seated_ = member_seated_ = true;
  ++seats_;
  silent_seconds_ = unanswered_ = 0;
  doubted_ = false;
  heard_bytes_ = 0;
  failures_ = 0;
  deadline_ = join_deadline_ = kNever;
  own_id_ = welcome.peer;
  gateway_ = welcome.gateway;
  next_stats_ = now + kStatsInterval;
  next_echo_ = now + kEchoInterval;
  if (welcome.keep_alive_ms != 0) {
    link_->set_keep_alive(std::max<Duration>(std::chrono::milliseconds(welcome.keep_alive_ms), kShortestKeepAlive));
  }
  member_.on_seated(now, welcome);
  if (config_.role == ctrl::Role::gateway) {
    tell(obs::Condition::seated_as_gateway);
  } else {
    tell(gateway_present() ? obs::Condition::seated_with_gateway : obs::Condition::seated_without_gateway);
  }
  // It may have changed since the hello, and could not be told before the welcome.
  tell_budget(now);
}

void Session::on_reject(TimePoint now, const ctrl::Reject& reject) {
  if (state_ != State::greeting) return misunderstood(now, "a reject after the welcome");
  const bool final = !reject.retry && !(was_seated_ && may_be_our_shadow(reject.code));
  const bool pass_needed = reject.code == ctrl::RejectCode::pass_needed && !pass_;
  attempt_failed(now, pass_needed ? obs::Condition::pass_needed : obs::Condition::rejected, reject.message, final);
}

void Session::on_joined(TimePoint now, const ctrl::PeerJoined& peer) {
  if (state_ != State::seated) return misunderstood(now, "peer_joined before the welcome");
  if (peer.peer == own_id_) return;
  if (peers_.size() >= kMaxPeers && !peers_.contains(peer.peer))
    return misunderstood(now, "more members than a room has");
  const bool was_here = gateway_ == peer.peer;
  peers_.insert_or_assign(peer.peer, peer);
  if (peer.role == ctrl::Role::gateway && std::exchange(gateway_, peer.peer) != peer.peer) gateway_echoes_ = {};
  member_.on_peer_joined(now, peer);
  if (was_here) return;  // named in the welcome already
  const bool is_gateway = peer.role == ctrl::Role::gateway;
  tell_of_member(now, is_gateway ? obs::Condition::gateway_joined : obs::Condition::member_joined, peer);
}

void Session::on_left(TimePoint now, const ctrl::PeerLeft& left) {
  const auto found = peers_.find(left.peer);
  if (found == peers_.end()) return;
  const ctrl::PeerJoined peer = std::move(found->second);
  peers_.erase(found);
  if (left.peer == gateway_) {
    gateway_ = kRelayPeer;
    gateway_echoes_ = {};
  }
  member_.on_peer_left(now, peer);
  const bool is_gateway = peer.role == ctrl::Role::gateway;
  tell_of_member(now, is_gateway ? obs::Condition::gateway_left : obs::Condition::member_left, peer, left.reason);
}

void Session::report(obs::Condition condition, PeerId about) {
  const ctrl::PeerJoined* subject = peer(about);
  tell(condition, {}, subject ? title(*subject) : std::string());
}

void Session::tell_of_member(TimePoint now, obs::Condition what, const ctrl::PeerJoined& peer, std::string reason) {
  if (comings_.worth_telling(now, peer.role)) tell(what, std::move(reason), title(peer));
}

void Session::on_received(TimePoint now, std::span<link::Received> received) {
  frames_.clear();
  for (link::Received& one : received) {
    if (one.from != link_ || state_ != State::seated) {
      past_.in.drop(obs::DropReason::not_seated);
    } else if (one.is_echo) {
      on_echo(now, one);
    } else if (!peers_.contains(one.sender)) {
      past_.in.drop(obs::DropReason::unknown_sender);
    } else {
      frames_.push_back(std::move(one));
    }
  }
  if (!frames_.empty()) member_.on_frames(now, frames_);
  frames_.clear();
}

void Session::on_bad_datagram(TimePoint, link::Link&, obs::DropReason) {}

void Session::on_budget(TimePoint now, link::Link& link, std::size_t) {
  if (&link != link_ || state_ != State::seated) return;
  if (next_budget_ == kNever) tell_budget(now);
}

// At most twice a second: a path that flaps is no reason to talk all the time.
void Session::tell_budget(TimePoint now) {
  constexpr Duration kInterval = std::chrono::milliseconds(500);
  const std::size_t budget = link_ ? link_->stats().budget : told_budget_;
  const bool changed = std::exchange(told_budget_, budget) != budget;
  if (changed) send(ctrl::Budget{static_cast<std::uint32_t>(budget)});
  next_budget_ = changed ? now + kInterval : kNever;
}

// The relay's answer tells that the link works both ways, the gateway's how far away the LAN is.
void Session::send_echo(TimePoint now) {
  next_echo_ = now + kEchoInterval;
  listen(now);
  if (!link_) return;
  ++unanswered_;
  const std::uint64_t cookie = random_.next_u64();
  relay_echoes_.sent(now, cookie);
  link_->send_echo(now, kRelayPeer, {.target = kRelayPeer, .cookie = cookie, .reply = false});
  if (gateway_present() && config_.role == ctrl::Role::client) {
    gateway_echoes_.sent(now, cookie);
    link_->send_echo(now, kRelayPeer, {.target = gateway_, .cookie = cookie, .reply = false});
  }
}

void Session::on_echo(TimePoint now, const link::Received& received) {
  const proto::Echo& echo = received.echo;
  if (!echo.reply) {
    link_->send_echo(now, kRelayPeer, {.target = received.sender, .cookie = echo.cookie, .reply = true});
  } else if (received.sender == kRelayPeer) {
    unanswered_ = 0;
    relay_echoes_.answered(now, echo.cookie);
    // A second connection would cost the frames of its handshake.
    if (doubted_) stop_doubting();
  } else if (received.sender == gateway_) {
    gateway_echoes_.answered(now, echo.cookie);
  }
}

void Session::send_stats(TimePoint now) {
  next_stats_ = now + kStatsInterval;
  if (!link_) return;
  const obs::Counters& link = link_->counters();
  ctrl::Stats stats;
  stats.frames_sent = link.out.frames;
  stats.frames_received = link.in.frames;
  stats.bytes_sent = link.out.bytes;
  stats.bytes_received = link.in.bytes;
  stats.datagrams_sent = link.out.datagrams;
  stats.datagrams_received = link.in.datagrams;
  stats.drops = obs::drop_counts(totals());
  const RoundTrips trips = round_trips();
  stats.rtt_us = in_microseconds(trips.relay);
  stats.gateway_rtt_us = in_microseconds(trips.gateway);
  stats.echoes = told(relay_echoes_.tally(now));
  stats.gateway_echoes = told(gateway_echoes_.tally(now));
  stats.queue_us = in_microseconds(queue_delay(now));
  stats.seats = seats_;
  send(stats);
}

}  // namespace softlan::session
