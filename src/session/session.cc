#include "session/session.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ctrl/validate.h"

namespace softlan::session {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kDialStagger = milliseconds(250);  // RFC 8305, section 5
constexpr Duration kAttemptTimeout = seconds(6);
// Once seated, a fresh packet every two seconds finds a relay that is back sooner than a handshake's own patience.
constexpr Duration kRejoinTimeout = seconds(2);
constexpr unsigned kSilentSeconds = 2;
constexpr unsigned kUnansweredEchoes = 4;
constexpr Duration kWelcomeTimeout = seconds(5);
constexpr Duration kFirstBackoff = milliseconds(250);
constexpr Duration kLongestBackoff = seconds(2);
constexpr std::size_t kMaxAddresses = 16;

// IPv6 and IPv4 in turn, in the resolver's order within each (RFC 8305, section 4).
std::vector<SocketAddress> interleave(const std::vector<SocketAddress>& addresses) {
  std::vector<SocketAddress> families[2];
  for (const SocketAddress& address : addresses) {
    families[address.ip.family == IpAddress::Family::v4 ? 1 : 0].push_back(address);
  }
  std::vector<SocketAddress> mixed;
  for (std::size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
    for (const auto& family : families) {
      if (i < family.size() && mixed.size() < kMaxAddresses) mixed.push_back(family[i]);
    }
  }
  return mixed;
}

obs::Condition condition_of(const link::LinkEnd& end) {
  switch (end.fault) {
    case link::LinkFault::untrusted:
      return obs::Condition::relay_untrusted;
    case link::LinkFault::wrong_name:
      return obs::Condition::relay_name_mismatch;
    case link::LinkFault::wrong_protocol:
      return obs::Condition::relay_not_softlan;
    case link::LinkFault::no_datagrams:
      return obs::Condition::no_datagrams;
    case link::LinkFault::closed_by_peer:
      return end.code == static_cast<std::uint64_t>(link::CloseCode::replaced) ? obs::Condition::replaced
                                                                               : obs::Condition::relay_closed;
    default:
      return obs::Condition::relay_unreachable;
  }
}

// Trying again cannot help while nobody changes a flag or a certificate.
bool is_final(obs::Condition condition) {
  return condition == obs::Condition::relay_untrusted || condition == obs::Condition::relay_name_mismatch ||
         condition == obs::Condition::relay_not_softlan || condition == obs::Condition::no_datagrams ||
         condition == obs::Condition::replaced;
}

}  // namespace

Session::Session(Config config, Surroundings& surroundings, Member& member, Listener& listener, Random& random,
                 obs::Log& log)
    : config_(std::move(config)),
      surroundings_(surroundings),
      member_(member),
      listener_(listener),
      random_(random),
      log_(log) {
  if (!config_.pass.empty()) pass_.emplace(config_.pass);
}

void Session::start(TimePoint now) {
  if (config_.join_timeout > Duration::zero()) join_deadline_ = now + config_.join_timeout;
  begin_attempt(now);
}

void Session::start_with(TimePoint now, std::string pass, ctrl::Founding found) {
  config_.pass = std::move(pass);
  config_.found = std::move(found);
  pass_.emplace(config_.pass);
  failures_ = 0;
  start(now);
}

void Session::begin_attempt(TimePoint now) {
  state_ = State::resolving;
  deadline_ = std::min(now + (was_seated_ ? kRejoinTimeout : kAttemptTimeout), join_deadline_);
  attempt_fault_.reset();
  if (failures_ == 0) tell(obs::Condition::resolving);
  surroundings_.resolve();
}

void Session::on_resolved(TimePoint now, Result<std::vector<SocketAddress>> addresses) {
  if (state_ != State::resolving && !redialling_) return;
  if (!addresses || addresses->empty()) {
    if (redialling_) return;
    return attempt_failed(now, obs::Condition::name_not_found, addresses ? std::string() : addresses.error().message);
  }
  addresses_ = interleave(*addresses);
  next_address_ = 0;
  if (redialling_) return dial_next(now);
  state_ = State::connecting;
  deadline_ = std::min(now + (was_seated_ ? kRejoinTimeout : kAttemptTimeout), join_deadline_);
  if (failures_ == 0) tell(obs::Condition::connecting);
  dial_next(now);
}

void Session::dial_next(TimePoint now) {
  while (next_address_ < addresses_.size()) {
    const SocketAddress& address = addresses_[next_address_++];
    const auto link = surroundings_.dial(now, address);
    if (link) {
      dialling_.push_back(*link);
      next_dial_ = next_address_ < addresses_.size() ? now + kDialStagger : kNever;
      return;
    }
    if (!attempt_fault_) attempt_fault_ = {obs::Condition::relay_unreachable, link.error().message};
  }
  next_dial_ = kNever;
  if (!dialling_.empty() || redialling_) return;
  const auto fault = attempt_fault_.value_or(std::pair(obs::Condition::relay_unreachable, std::string()));
  attempt_failed(now, fault.first, fault.second, is_final(fault.first));
}

void Session::on_link_up(TimePoint now, link::Link& link) {
  if (state_ != State::connecting && !redialling_) return link.close(link::CloseCode::leave, "not needed");
  drop_links_but(&link);
  redialling_ = false;
  drop_link(link::CloseCode::replaced, "gone on with another connection");
  greet(now, link);
}

void Session::greet(TimePoint now, link::Link& link) {
  link_ = &link;
  relay_address_ = link.peer_address();
  state_ = State::greeting;
  deadline_ = std::min(now + kWelcomeTimeout, join_deadline_);
  framer_ = {};
  ctrl::Hello hello;
  hello.role = config_.role;
  hello.room = config_.room;
  hello.mac = config_.mac;
  hello.name = config_.name;
  hello.software = config_.software;
  hello.capabilities = {std::string(ctrl::kCapFragment), std::string(ctrl::kCapEcho), std::string(ctrl::kCapFiller)};
  told_budget_ = link.stats().budget;
  hello.budget = static_cast<std::uint32_t>(told_budget_);
  hello.previous = own_id_;
  if (pass_) {
    const std::string self = ctrl::authorization_identity(config_.role, config_.mac);
    scram_.emplace(config_.room, self, *pass_, link.channel_binding(), random_);
    hello.scram = scram_->first();
    hello.found = config_.found;
  }
  send(hello);
}

void Session::drop_links_but(const link::Link* kept) {
  for (link::Link* link : std::exchange(dialling_, {})) {
    if (link != kept) link->close(link::CloseCode::leave, "not needed");
  }
  next_dial_ = kNever;
}

void Session::drop_link(link::CloseCode code, std::string_view reason) {
  if (!link_) return;
  link::Link& link = *std::exchange(link_, nullptr);
  link.close(code, reason);
  add_to_past(link);
}

void Session::add_to_past(const link::Link& ended) {
  past_.in += ended.counters().in;
  past_.out += ended.counters().out;
}

void Session::on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) {
  const obs::Condition why = condition_of(end);
  if (&link == link_) {
    link_ = nullptr;
    add_to_past(link);
    if (state_ == State::seated) {
      return attempt_failed(now, why == obs::Condition::relay_unreachable ? obs::Condition::relay_lost : why,
                            end.reason, why == obs::Condition::replaced);
    }
    return attempt_failed(now, why, end.reason, is_final(why));
  }
  if (std::erase(dialling_, &link) == 0) return;
  if (!attempt_fault_ || is_final(why)) attempt_fault_ = {why, end.reason};
  dial_next(now);
}

void Session::attempt_failed(TimePoint now, obs::Condition why, std::string message, bool final) {
  drop_links_but(nullptr);
  redialling_ = false;
  drop_link(link::CloseCode::leave, "");
  unseat(now);
  const Duration wait = next_backoff();
  const bool gave_up = now + wait >= join_deadline_;  // no time for another attempt
  if (final || gave_up) {
    tell(why, std::move(message));
    return end(true);
  }
  state_ = State::waiting;
  deadline_ = now + wait;
  // Once is enough: the same attempt fails every two seconds while a relay is away.
  if (failures_ == 1) tell(why, std::move(message), {}, wait);
}

Duration Session::next_backoff() {
  Duration wait = kFirstBackoff;
  for (unsigned i = 0; i < failures_ && wait < kLongestBackoff; ++i) wait *= 2;
  ++failures_;
  wait = std::min(wait, kLongestBackoff);
  return std::chrono::duration_cast<Duration>(wait * (0.75 + 0.5 * random_.unit()));
}

void Session::unseat(TimePoint now) {
  if (std::exchange(member_seated_, false)) member_.on_unseated(now);
  peers_.clear();
  gateway_ = kRelayPeer;
  relay_echoes_ = gateway_echoes_ = {};
  next_stats_ = next_echo_ = next_budget_ = redial_again_ = kNever;
}

// Once a second while seated: is the relay heard, and does it hear us?
void Session::listen(TimePoint now) {
  const std::uint64_t bytes = link_ ? link_->stats().bytes_received : heard_bytes_;
  silent_seconds_ = std::exchange(heard_bytes_, bytes) == bytes ? silent_seconds_ + 1 : 0;
  const bool doubtful = silent_seconds_ >= kSilentSeconds || unanswered_ >= kUnansweredEchoes;
  if (doubtful == doubted_) return;
  if (!doubtful) return stop_doubting();
  doubted_ = true;
  tell(obs::Condition::relay_silent);
  begin_redial(now);
}

void Session::stop_doubting() {
  doubted_ = redialling_ = false;
  silent_seconds_ = unanswered_ = 0;
  redial_again_ = kNever;
  drop_links_but(nullptr);
  tell(obs::Condition::relay_heard);
}

void Session::begin_redial(TimePoint now) {
  drop_links_but(nullptr);
  redialling_ = true;
  redial_again_ = now + kRejoinTimeout;
  surroundings_.resolve();
}

void Session::end(bool failed) {
  state_ = State::ended;
  deadline_ = kNever;
  listener_.on_ended(failed);
}

void Session::leave(TimePoint now) {
  if (state_ == State::ended) return;
  drop_links_but(nullptr);
  send(ctrl::Disconnect{"left"});
  drop_link(link::CloseCode::leave, "left");
  unseat(now);
  tell(obs::Condition::left);
  end(false);
}

TimePoint Session::next_deadline() const {
  if (state_ == State::ended) return kNever;
  return std::min(
      {deadline_, next_dial_, next_stats_, next_echo_, next_budget_, redial_again_, comings_.next_deadline()});
}

void Session::on_deadline(TimePoint now) {
  if (now >= next_dial_) dial_next(now);
  if (now >= next_echo_) send_echo(now);
  if (now >= next_stats_) send_stats(now);
  if (now >= next_budget_) tell_budget(now);
  if (now >= redial_again_) begin_redial(now);
  if (now >= comings_.next_deadline()) tell(obs::Condition::members_come_and_go, comings_.sum_up());
  if (now < deadline_) return;
  switch (state_) {
    case State::waiting:
      return begin_attempt(now);
    case State::resolving:
      return attempt_failed(now, obs::Condition::name_not_found, "no answer");
    case State::connecting:
      return attempt_failed(now, obs::Condition::relay_unreachable, "no answer");
    case State::greeting:
      return attempt_failed(now, obs::Condition::no_welcome, {});
    case State::seated:
      if (!link_) return attempt_failed(now, obs::Condition::relay_lost, {});
      [[fallthrough]];
    case State::idle:
    case State::ended:
      deadline_ = kNever;
  }
}

bool Session::send_frame(TimePoint now, FrameRef frame) {
  if (state_ != State::seated || !link_) return false;
  link_->send_frame(now, kRelayPeer, std::move(frame));
  return true;
}

const ctrl::PeerJoined* Session::peer(PeerId id) const {
  const auto found = peers_.find(id);
  return found == peers_.end() ? nullptr : &found->second;
}

obs::Counters Session::totals() const {
  obs::Counters all = past_;
  if (link_) {
    all.in += link_->counters().in;
    all.out += link_->counters().out;
  }
  all.in.add_drops(member_.counters().in);
  all.out.add_drops(member_.counters().out);
  return all;
}

RoundTrips Session::round_trips() const {
  RoundTrips trips;
  if (link_ && state_ == State::seated) trips.relay = link_->stats().rtt;
  trips.gateway = gateway_echoes_.round_trip();
  return trips;
}

void Session::send(const ctrl::Message& message) {
  if (!link_ || link_->send_control(ctrl::encode(message))) return;
  // A relay that reads nothing is as good as gone; on_deadline() finds the link missing and starts afresh.
  drop_link(link::CloseCode::too_slow, "control stream not read");
  deadline_ = TimePoint{};
}

void Session::tell(obs::Condition condition, std::string message, std::string member,
                   std::optional<Duration> retry_in) {
  obs::Details details;
  details.relay = config_.relay;
  details.server_name = config_.server_name;
  details.room = config_.room;
  details.member = std::move(member);
  details.message = std::move(message);
  details.retry_in = retry_in;
  listener_.on_condition(condition, details);
}

}  // namespace softlan::session
