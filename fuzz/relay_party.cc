#include "fuzz/relay_party.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "ctrl/validate.h"
#include "proto/ethernet.h"

namespace softlan::fuzz {

using link::test::FakeLink;

namespace {

// Small enough that every bound is reached.
relay::RelayConfig small_relay() {
  relay::RelayConfig config;
  config.max_rooms = 2;
  config.rules.max_seats = 3;
  config.max_waiting = 2;
  config.rules.limits.client = {.broadcast_per_second = 3, .unknown_unicast_per_second = 2, .bytes_per_second = 20'000};
  config.rules.limits.gateway = {.broadcast_per_second = 5};
  config.rules.limits.broadcast_kind_per_second = 1;
  config.rules.limits.room_bytes_per_second = 200'000;
  config.rules.limits.mss_clamp = false;  // so that frames arrive as they were sent
  config.bad_datagram_limit = 4;
  config.seat_hold = std::chrono::seconds(10);
  return config;
}

}  // namespace

Party::Party() : config_(small_relay()), relay_(config_, door_, log_) {}

// The relay says goodbye to everybody, and takes no one after that.
Party::~Party() {
  relay_.shut_down();
  for (const auto& member : places_) {
    if (!member) continue;
    hear(*member);
    SOFTLAN_CHECK(member->closed && !member->link.context);
  }
  SOFTLAN_CHECK(relay_.rooms().empty() && relay_.waiting() == 0);
  FakeLink late(1);
  relay_.on_link_up(now_, late);
  SOFTLAN_CHECK(link::test::closed_with(late) == link::CloseCode::shutting_down);
}

void Party::connect(std::size_t place, std::uint8_t identity) {
  auto& member = places_[place % kPlaces];
  if (member) return;
  member = std::make_unique<Member>(identity, pool_);
  relay_.on_link_up(now_, member->link);
  check();
}

void Party::lose(std::size_t place, link::LinkFault fault) {
  Member* member = at(place);
  if (!member) return;
  relay_.on_link_down(now_, member->link, {.fault = fault, .code = 0, .reason = "no answer"});
  SOFTLAN_CHECK(member->link.sent().empty() && !member->link.context);
  places_[place % kPlaces].reset();
  check();
}

void Party::stop_reading(std::size_t place) {
  if (Member* member = at(place)) member->link.reads_control = false;
}

// Whoever comes back as it was gets its own seat, whatever else happens in the room.
void Party::hello(std::size_t place, const ctrl::Hello& words) {
  const Member* member = at(place);
  if (!member) return;
  const auto own_seat = member->behaves() ? seat_of(member->link.peer_identity(), words) : std::nullopt;
  speak(place, ctrl::encode(words));
  if (own_seat) SOFTLAN_CHECK(at(place) && at(place)->seat == own_seat);
}

void Party::say(std::size_t place, Bytes control) {
  if (Member* member = at(place)) member->rambles = true;
  speak(place, control);
}

void Party::speak(std::size_t place, Bytes control) {
  Member* member = at(place);
  if (!member) return;
  relay_.on_control(now_, member->link, control);
  check();
}

// The id of the seat that is the identity's, taken or held, if these words are those of its owner.
std::optional<PeerId> Party::seat_of(const link::Fingerprint& identity, const ctrl::Hello& words) const {
  const auto found = relay_.rooms().find(ctrl::canonical_room(words.room));
  if (found == relay_.rooms().end()) return {};
  const auto fits = [&](const auto& seat) {
    return seat.identity == identity && seat.mac == words.mac && seat.role == words.role;
  };
  const relay::Room& room = *found->second;
  if (const relay::Seat* seat = room.find(identity)) return fits(*seat) ? std::optional(seat->id) : std::nullopt;
  relay::HeldSeats held = room.held();
  const auto seat = held.take_back(identity);
  return seat && fits(*seat) ? std::optional(seat->id) : std::nullopt;
}

void Party::send(std::size_t place, Bytes datagram) {
  Member* member = at(place);
  if (!member) return;
  auto incoming = member->leg.on_datagram(now_, datagram);
  if (incoming.drop != obs::DropReason::none)
    relay_.on_bad_datagram(now_, member->link, incoming.drop);
  else if (incoming.ready)
    deliver(*member, std::move(incoming.received));
  check();
}

// A member's frame is counted once, and dropped under at most one reason.
void Party::deliver(Member& from, link::Received received) {
  received.from = &from.link;
  passing_.emplace(&from);
  if (received.frame) passing_->bytes.assign(received.frame.bytes().begin(), received.frame.bytes().end());
  const relay::Visitor* visitor = relay::visitor_of(from.link);
  if (!visitor->is_seated()) return relay_.on_received(now_, std::span(&received, 1));
  const obs::DirectionCounters& counted = visitor->seat->counters.in;
  const obs::DirectionCounters before = counted;
  relay_.on_received(now_, std::span(&received, 1));
  SOFTLAN_CHECK(counted.frames == before.frames + (received.is_echo ? 0 : 1));
  SOFTLAN_CHECK(counted.bytes == before.bytes + passing_->bytes.size());
  SOFTLAN_CHECK(counted.dropped_total() - before.dropped_total() <= 1);
  passing_->dropped = counted.dropped_total() != before.dropped_total();
}

void Party::change_budget(std::size_t place, std::uint16_t budget) {
  if (Member* member = at(place)) relay_.on_budget(now_, member->link, budget);
  check();
}

void Party::wait(Duration time) {
  now_ += time;
  for (const auto& member : places_) {
    if (member) member->leg.on_deadline(now_);
  }
  relay_.on_deadline(now_);
  SOFTLAN_CHECK(relay_.next_deadline() > now_);
  check();
}

void Party::check() {
  for (const auto& member : places_) {
    if (member) hear(*member);
  }
  check_passing();
  std::size_t here = 0, seated = 0;
  for (auto& member : places_) {
    if (member && member->closed) {
      SOFTLAN_CHECK(!member->link.context);
      member.reset();
    }
    here += member ? 1 : 0;
  }
  for (const auto& [code, room] : relay_.rooms()) {
    check_room(code, *room);
    seated += room->seats().size();
  }
  SOFTLAN_CHECK(relay_.rooms().size() <= config_.max_rooms);
  SOFTLAN_CHECK(relay_.waiting() <= config_.max_waiting && relay_.waiting() + seated == here);
  SOFTLAN_CHECK(pool_.in_use() <= here * proto::Reassembler::kMaxFrames);
}

// Everything the relay asked of the link since the last time fits what was asked before.
void Party::hear(Member& member) {
  for (const auto& item : member.link.take()) {
    SOFTLAN_CHECK(!member.closed);
    if (const auto* welcome = FakeLink::as<ctrl::Welcome>(item)) {
      SOFTLAN_CHECK(!member.seat && welcome->peer != kRelayPeer);
      member.seat = welcome->peer;
    } else if (const auto* joined = FakeLink::as<ctrl::PeerJoined>(item)) {
      SOFTLAN_CHECK(member.seat && joined->peer != *member.seat);
      SOFTLAN_CHECK(member.others.emplace(joined->peer, joined->mac).second);
      SOFTLAN_CHECK(ctrl::clean_name(joined->name) == joined->name);
    } else if (const auto* left = FakeLink::as<ctrl::PeerLeft>(item)) {
      SOFTLAN_CHECK(member.others.erase(left->peer) == 1);
    } else if (const auto* frame = FakeLink::as<link::test::SentFrame>(item)) {
      hear_frame(member, *frame);
    } else if (const auto* echo = FakeLink::as<link::test::SentEcho>(item)) {
      SOFTLAN_CHECK(member.seat && passing_);
      SOFTLAN_CHECK(echo->sender == kRelayPeer || member.others.contains(echo->sender));
    } else if (FakeLink::as<link::test::SentClose>(item)) {
      member.closed = true;
    } else {
      SOFTLAN_CHECK(FakeLink::as<ctrl::Reject>(item) && !member.seat);
    }
  }
}

void Party::hear_frame(const Member& member, const link::test::SentFrame& frame) {
  SOFTLAN_CHECK(passing_ && passing_->from != &member && passing_->bytes == frame.bytes);
  SOFTLAN_CHECK(passing_->from->seat == frame.sender && member.others.contains(frame.sender));
  const relay::Visitor& from = *relay::visitor_of(passing_->from->link);
  const relay::Visitor& to = *relay::visitor_of(member.link);
  SOFTLAN_CHECK(from.room == to.room);
  const auto view = proto::parse_frame(frame.bytes).value();
  if (from.seat->is_gateway())
    SOFTLAN_CHECK(!from.room->owner(view.source) || from.room->owner(view.source) == from.seat);
  else
    SOFTLAN_CHECK(view.source == from.seat->mac);
  SOFTLAN_CHECK(view.destination.is_multicast() || view.destination == to.seat->mac || to.seat->is_gateway());
  ++passing_->delivered;
}

// A frame is dropped or delivered, never both; a unicast reaches one member at most.
void Party::check_passing() {
  if (!passing_) return;
  const bool unicast = !passing_->bytes.empty() && (passing_->bytes[0] & 1) == 0;
  SOFTLAN_CHECK(passing_->delivered <= (unicast ? 1 : config_.rules.max_seats - 1));
  if (!passing_->from->seat || passing_->dropped) SOFTLAN_CHECK(passing_->delivered == 0);
  passing_.reset();
}

void Party::check_room(std::string_view code, const relay::Room& room) {
  SOFTLAN_CHECK(ctrl::is_room_code(code) && ctrl::canonical_room(code) == code && room.code() == code);
  const std::size_t taken = room.seats().size() + room.held().size();
  SOFTLAN_CHECK(taken != 0 && taken <= config_.rules.max_seats);
  std::set<PeerId> ids;
  std::set<proto::Mac> macs;
  std::set<link::Fingerprint> identities;
  std::size_t gateways = 0;
  for (const auto& seat : room.seats()) {
    SOFTLAN_CHECK(ids.insert(seat->id).second && macs.insert(seat->mac).second);
    SOFTLAN_CHECK(identities.insert(seat->identity).second);
    gateways += seat->is_gateway() ? 1 : 0;
    check_seat(room, *seat);
  }
  SOFTLAN_CHECK(gateways == (room.gateway() ? 1 : 0));
}

void Party::check_seat(const relay::Room& room, const relay::Seat& seat) {
  const Member* member = member_of(seat.link);
  SOFTLAN_CHECK(member && member->seat == seat.id && member->link.peer_identity() == seat.identity);
  SOFTLAN_CHECK(seat.id != kRelayPeer && proto::may_own(seat.mac) && room.owner(seat.mac) == &seat);
  SOFTLAN_CHECK(!room.held().holds(seat.id) && !room.held().holds(seat.identity));
  SOFTLAN_CHECK(!room.held().owner(seat.mac, seat.identity));
  SOFTLAN_CHECK(!seat.is_gateway() || !room.held().gateway(seat.identity));
  if (!member->link.reads_control) return;
  SOFTLAN_CHECK(member->others.size() == room.seats().size() - 1);
  for (const auto& [id, mac] : member->others) SOFTLAN_CHECK(room.find(id) && room.find(id)->mac == mac);
}

Party::Member* Party::member_of(const link::Link* link) {
  const auto found = std::ranges::find_if(places_, [&](const auto& member) { return member && &member->link == link; });
  return found == places_.end() ? nullptr : found->get();
}

}  // namespace softlan::fuzz
