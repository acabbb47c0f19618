// The relay's door: which rooms there are, who knows their passes, and what is said to those who do not.
//
//   hello without a proof   ──> admitted on a passless relay, else `pass_needed`
//   hello with a proof      ──> an Exchange, whose challenge goes to the member: for every room, also for none
//   proof                   ──> admitted, or `room_not_open`: a wrong pass and a room that is not there look alike
//
// A room is listed by the operator, or founded by the first gateway that asks for it and brings the verifiers of its
// passes. Who founded a room may bring new ones. Founded rooms are kept (RoomStore), so that nobody else can found them
// after a restart. No I/O, no clock; bounded: kMaxFounded rooms, and the tables of auth/guess_limit.h.
//
// All workers of a relay stand behind one door, so that a source has no more guesses and a room no second founder for
// their number: it may be called from any thread, twice for every join.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "auth/guess_limit.h"
#include "auth/recent_map.h"
#include "auth/scram_server.h"
#include "auth/verifier.h"
#include "base/address.h"
#include "base/random.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "ctrl/messages.h"
#include "link/link.h"

namespace softlan::relay {

enum class Entry : std::uint8_t {
  open,      // rooms are listed, or founded by their gateway
  listed,    // rooms are listed
  passless,  // whoever knows a room's code may enter: only when the operator asks for it
};

struct RoomPass {
  auth::Verifier verifier;
  TimePoint expires = kNever;
};

// The passes of one room. Those of one role that are valid side by side share their salt.
struct RoomPasses {
  std::vector<RoomPass> clients;
  std::vector<RoomPass> gateways;

  [[nodiscard]] const std::vector<RoomPass>& of(ctrl::Role role) const {
    return role == ctrl::Role::gateway ? gateways : clients;
  }
};
using PassesByRoom = std::map<std::string, RoomPasses, std::less<>>;  // by canonical code

struct FoundedRoom {
  std::string code;  // canonical
  link::Fingerprint founder;
  auth::Verifier client;
  auth::Verifier gateway;

  bool operator==(const FoundedRoom&) const = default;
};

// Keeps founded rooms beyond the end of the program.
class RoomStore {
 public:
  virtual ~RoomStore() = default;
  // Founded, changed by its founder, or used again by a gateway. Called from any thread, one at a time.
  virtual void keep(const FoundedRoom& room) = 0;
};

// Who stands before the door.
struct Caller {
  IpAddress source;
  link::Fingerprint identity;
  auth::ChannelBinding binding;
};

// A proof that was asked for and not given yet.
struct Exchange {
  ctrl::Hello hello;
  auth::ScramServer scram;
  std::unique_ptr<FoundedRoom> founding;  // when the room comes into being with this proof
};

class Door {
 public:
  static constexpr std::size_t kMaxFounded = 4096;

  // A door that is open to everybody.
  [[nodiscard]] static Door passless() { return Door(); }
  // `secret` makes up the salts of rooms that do not exist; it should be the same after a restart. Borrows `random` and
  // `store`.
  Door(Entry entry, const auth::Key& secret, Random& random, RoomStore& store);

  void list(PassesByRoom listed);
  void set_entry(Entry entry);
  // From an earlier run; not told to the store.
  void remember(FoundedRoom room);

  // Null: come in. Otherwise the exchange whose scram.first() is the challenge.
  [[nodiscard]] std::expected<std::unique_ptr<Exchange>, ctrl::Reject> on_hello(TimePoint now, const ctrl::Hello& hello,
                                                                                const Caller& caller);
  // The relay's own proof, for the welcome.
  [[nodiscard]] std::expected<std::string, ctrl::Reject> on_proof(TimePoint now, Exchange& exchange,
                                                                  std::string_view client_final, const Caller& caller);

 private:
  Door() = default;

  [[nodiscard]] std::vector<auth::Verifier> verifiers_of(TimePoint now, const std::string& room, ctrl::Role role) const;
  [[nodiscard]] std::unique_ptr<FoundedRoom> founding_of(const ctrl::Hello& hello, const std::string& room,
                                                         const Caller& caller) const;
  [[nodiscard]] bool may_found(TimePoint now, const FoundedRoom& room, const Caller& caller);

  std::mutex mutex_;  // over all below
  Entry entry_ = Entry::passless;
  auth::Key secret_{};
  Random* random_ = nullptr;
  RoomStore* store_ = nullptr;
  PassesByRoom listed_;
  std::map<std::string, FoundedRoom, std::less<>> founded_;
  auth::GuessLimit guesses_;
  auth::RecentMap<IpAddress, TokenBucket> founders_{auth::GuessLimit::kMaxSources};
};

}  // namespace softlan::relay
