#include "relay/door.h"

#include <fmt/format.h>

#include <utility>

#include "ctrl/validate.h"

namespace softlan::relay {

namespace {

using ctrl::RejectCode;

// Rooms one source may found: ten at once, then one every ten minutes.
TokenBucket founding_bucket() { return {1.0 / 600, 10}; }

ctrl::Reject not_proven(const std::string& room) {
  return {.code = RejectCode::room_not_open,
          .message = fmt::format("Room {} is not open here, or its pass is another one.", room),
          .retry = true};
}

ctrl::Reject not_understood(std::string_view what) {
  return {.code = RejectCode::malformed, .message = fmt::format("The program's proof of the pass has {}.", what)};
}

std::vector<auth::Verifier> valid(TimePoint now, const std::vector<RoomPass>& passes) {
  std::vector<auth::Verifier> verifiers;
  for (const RoomPass& pass : passes) {
    if (now < pass.expires) verifiers.push_back(pass.verifier);
  }
  return verifiers;
}

}  // namespace

Door::Door(Entry entry, const auth::Key& secret, Random& random, RoomStore& store)
    : entry_(entry), secret_(secret), random_(&random), store_(&store) {}

void Door::list(PassesByRoom listed) {
  const std::scoped_lock lock(mutex_);
  listed_ = std::move(listed);
}

void Door::set_entry(Entry entry) {
  const std::scoped_lock lock(mutex_);
  entry_ = entry;
}

void Door::remember(FoundedRoom room) {
  const std::scoped_lock lock(mutex_);
  if (founded_.size() < kMaxFounded) founded_.insert_or_assign(room.code, std::move(room));
}

std::expected<std::unique_ptr<Exchange>, ctrl::Reject> Door::on_hello(TimePoint now, const ctrl::Hello& hello,
                                                                      const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  if (entry_ == Entry::passless) return nullptr;
  if (hello.scram.empty()) {
    return std::unexpected(ctrl::Reject{.code = RejectCode::pass_needed,
                                        .message = "Rooms of this relay have passes: join with the party's link, or "
                                                   "give the pass."});
  }
  auto first = auth::parse_client_first(hello.scram);
  const std::string room = ctrl::canonical_room(hello.room);
  if (!first) return std::unexpected(not_understood("another form than this relay knows"));
  if (ctrl::canonical_room(first->room) != room ||
      first->authzid != ctrl::authorization_identity(hello.role, hello.mac)) {
    return std::unexpected(not_understood("another room, role or MAC in it than the hello"));
  }
  auto founding = founding_of(hello, room, caller);
  const auto verifiers = founding ? std::vector{founding->gateway} : verifiers_of(now, room, hello.role);
  return std::make_unique<Exchange>(
      Exchange{hello, auth::ScramServer(*std::move(first), verifiers, *random_), std::move(founding)});
}

std::vector<auth::Verifier> Door::verifiers_of(TimePoint now, const std::string& room, ctrl::Role role) const {
  std::vector<auth::Verifier> verifiers;
  if (const auto listed = listed_.find(room); listed != listed_.end()) {
    verifiers = valid(now, listed->second.of(role));
  } else if (const auto founded = founded_.find(room); founded != founded_.end() && entry_ == Entry::open) {
    verifiers = {role == ctrl::Role::gateway ? founded->second.gateway : founded->second.client};
  }
  if (verifiers.empty()) verifiers = {auth::fake_verifier(secret_, room + '/' + std::string(ctrl::to_string(role)))};
  return verifiers;
}

// Null when the hello founds nothing here: then it is one like any other.
std::unique_ptr<FoundedRoom> Door::founding_of(const ctrl::Hello& hello, const std::string& room,
                                               const Caller& caller) const {
  if (entry_ != Entry::open || hello.role != ctrl::Role::gateway || listed_.contains(room)) return nullptr;
  const auto founded = founded_.find(room);
  if (founded != founded_.end() && founded->second.founder != caller.identity) return nullptr;
  const auto client = auth::parse_verifier(hello.found.client);
  const auto gateway = auth::parse_verifier(hello.found.gateway);
  if (!client || !gateway) return nullptr;
  return std::make_unique<FoundedRoom>(FoundedRoom{room, caller.identity, *client, *gateway});
}

std::expected<std::string, ctrl::Reject> Door::on_proof(TimePoint now, Exchange& exchange,
                                                        std::string_view client_final, const Caller& caller) {
  const std::string room = ctrl::canonical_room(exchange.hello.room);
  const std::scoped_lock lock(mutex_);
  if (!guesses_.may_try(now, caller.source, room, caller.identity.bytes)) {
    return std::unexpected(ctrl::Reject{
        .code = RejectCode::not_allowed, .message = "Too many wrong passes: wait a few minutes.", .retry = true});
  }
  auto server_final = exchange.scram.on_client_final(client_final, caller.binding);
  if (!server_final) {
    guesses_.on_failure(now, caller.source, room, caller.identity.bytes);
    return std::unexpected(not_proven(room));
  }
  if (exchange.founding) {
    if (!may_found(now, *exchange.founding, caller)) {
      return std::unexpected(ctrl::Reject{.code = RejectCode::relay_full,
                                          .message = "This relay takes no new rooms now: try again later.",
                                          .retry = true});
    }
    founded_.insert_or_assign(room, *exchange.founding);
  }
  guesses_.on_success(room, caller.identity.bytes);
  const auto founded = founded_.find(room);
  if (founded != founded_.end() && exchange.hello.role == ctrl::Role::gateway) store_->keep(founded->second);
  return *std::move(server_final);
}

// Somebody else may have founded it since the hello.
bool Door::may_found(TimePoint now, const FoundedRoom& room, const Caller& caller) {
  if (const auto founded = founded_.find(room.code); founded != founded_.end()) {
    return founded->second.founder == caller.identity;
  }
  return founded_.size() < kMaxFounded && founders_.use(auth::source_of(caller.source), founding_bucket()).take(now);
}

}  // namespace softlan::relay
