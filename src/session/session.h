// One member's life in a room: find the relay, connect, hello, welcome, events, and back again after every loss.
//
//   resolving -> connecting -> greeting -> seated
//       ^            |            |          |
//       +--- waiting <------------+----------+      ended: left, or refused for good
//
// Shared by gateway and client. No I/O and no clock: it asks its Surroundings to look names up and to dial, hears of
// links as their LinkOwner, and tells its Member and its Listener what happens. Every attempt looks the name up afresh
// and tries all addresses, IPv6 and IPv4 in turn, a quarter of a second apart (RFC 8305); the first to answer is kept.
// A seated member that hears nothing for two seconds, or is not answered for four, dials again beside the doubtful
// connection: whichever works first wins, the one that carries the seat if it answers an echo.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "auth/scram_client.h"
#include "base/address.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "ctrl/codec.h"
#include "ctrl/messages.h"
#include "link/link.h"
#include "obs/diagnostics.h"
#include "obs/log.h"
#include "session/comings_and_goings.h"
#include "session/echo_book.h"
#include "session/status.h"

namespace softlan::session {

struct Config {
  ctrl::Role role = ctrl::Role::client;
  std::string room;  // canonical
  proto::Mac mac;
  std::string name;
  std::string pass{};       // of the room and the role, as auth::check_pass() returns it; empty: none
  ctrl::Founding found{};   // of a gateway that founds the room when nobody has
  std::string software;     // "lanparty-client 0.1.0"
  std::string relay;        // as the user wrote it, for sentences
  std::string server_name;  // likewise
  Duration join_timeout = std::chrono::seconds(10);  // for the first seat; zero: try for ever
};

// What a session needs done for it.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  // Looks the relay's name up; Session::on_resolved() follows, never from inside this call.
  virtual void resolve() = 0;
  // Opens a connection to `address`, whose LinkOwner is the session. An error is the machine's ("no route").
  virtual Result<link::Link*> dial(TimePoint now, const SocketAddress& address) = 0;
};

// The gateway's or the client's core.
class Member {
 public:
  virtual ~Member() = default;
  // Frames may flow. Those already in the room follow as on_peer_joined().
  virtual void on_seated(TimePoint now, const ctrl::Welcome& welcome) = 0;
  // Frames cannot flow any more; everyone counts as gone.
  virtual void on_unseated(TimePoint now) = 0;
  virtual void on_peer_joined(TimePoint now, const ctrl::PeerJoined& peer) = 0;
  virtual void on_peer_left(TimePoint now, const ctrl::PeerJoined& peer) = 0;
  // Frames of announced peers, in order.
  virtual void on_frames(TimePoint now, std::span<const link::Received> frames) = 0;
  // What keeps the port from being used, if anything does; for the status.
  [[nodiscard]] virtual std::optional<obs::Condition> trouble() const { return {}; }
  // Of the member's own port (TAP or LAN), for the stats message.
  [[nodiscard]] virtual const obs::Counters& counters() const = 0;
};

// The program around it.
class Listener {
 public:
  virtual ~Listener() = default;
  // Something a person wants to know (obs::explain() has the sentence).
  virtual void on_condition(obs::Condition condition, const obs::Details& details) = 0;
  // It is over: `failed` unless leave() was asked for. Nothing follows but what start_with() begins.
  virtual void on_ended(bool failed) = 0;
};

class Session final : public link::LinkOwner {
 public:
  // Everything is borrowed and must outlive the session.
  Session(Config config, Surroundings& surroundings, Member& member, Listener& listener, Random& random, obs::Log& log);

  void start(TimePoint now);
  // The same once more, with a pass: after it ended because one is needed.
  void start_with(TimePoint now, std::string pass, ctrl::Founding found);
  // Says goodbye; on_ended() follows at once.
  void leave(TimePoint now);
  void on_resolved(TimePoint now, Result<std::vector<SocketAddress>> addresses);
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const;

  // One frame of this member to the room; false (and not counted here) while it has no seat.
  bool send_frame(TimePoint now, FrameRef frame);

  // What the member has found out and a person wants to know; `about` one of the announced peers, or nobody.
  void report(obs::Condition condition, PeerId about = kRelayPeer);

  [[nodiscard]] bool seated() const { return state_ == State::seated; }
  // The peer with this id among those announced, or null.
  [[nodiscard]] const ctrl::PeerJoined* peer(PeerId id) const;
  [[nodiscard]] bool gateway_present() const { return gateway_ != kRelayPeer; }
  [[nodiscard]] RoundTrips round_trips() const;
  // Since the program began: what all links carried, and what links, session and the member's port dropped.
  [[nodiscard]] obs::Counters totals() const;
  // The key of the relay this member sits at, or null.
  [[nodiscard]] const link::Fingerprint* relay_identity() const { return link_ ? &link_->peer_identity() : nullptr; }
  [[nodiscard]] Status status(TimePoint now) const;
  // Where the relay was reached last.
  [[nodiscard]] const std::optional<SocketAddress>& relay_address() const { return relay_address_; }

  // link::LinkOwner
  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) override;
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint now, std::span<link::Received> received) override;
  void on_bad_datagram(TimePoint now, link::Link& link, obs::DropReason reason) override;
  void on_budget(TimePoint now, link::Link& link, std::size_t budget) override;

 private:
  enum class State : std::uint8_t { idle, resolving, connecting, greeting, seated, waiting, ended };

  void begin_attempt(TimePoint now);
  void greet(TimePoint now, link::Link& link);
  void listen(TimePoint now);
  void begin_redial(TimePoint now);
  void stop_doubting();
  void dial_next(TimePoint now);
  void drop_links_but(const link::Link* kept);
  // Ends the present link, if there is one.
  void drop_link(link::CloseCode code, std::string_view reason);
  void add_to_past(const link::Link& ended);
  void attempt_failed(TimePoint now, obs::Condition why, std::string message, bool final = false);
  void end(bool failed);
  void send(const ctrl::Message& message);
  void send_stats(TimePoint now);
  void tell_budget(TimePoint now);
  void send_echo(TimePoint now);

  void on_message(TimePoint now, const ctrl::Message& message);
  void on_challenge(TimePoint now, const ctrl::Challenge& challenge);
  void on_welcome(TimePoint now, const ctrl::Welcome& welcome);
  void on_reject(TimePoint now, const ctrl::Reject& reject);
  void on_joined(TimePoint now, const ctrl::PeerJoined& peer);
  void on_left(TimePoint now, const ctrl::PeerLeft& left);
  void tell_of_member(TimePoint now, obs::Condition what, const ctrl::PeerJoined& peer, std::string reason = {});
  void on_echo(TimePoint now, const link::Received& received);
  void unseat(TimePoint now);
  void misunderstood(TimePoint now, const std::string& what);
  void tell(obs::Condition condition, std::string message = {}, std::string member = {},
            std::optional<Duration> retry_in = {});
  [[nodiscard]] Duration next_backoff();
  // How long the oldest frame waits to be sent.
  [[nodiscard]] Duration queue_delay(TimePoint now) const;

  Config config_;
  Surroundings& surroundings_;
  Member& member_;
  Listener& listener_;
  Random& random_;
  obs::Log& log_;

  State state_ = State::idle;
  TimePoint deadline_ = kNever;       // of the present state
  TimePoint join_deadline_ = kNever;  // for the first seat; kNever after it
  bool was_seated_ = false;
  bool member_seated_ = false;  // what the member was told last
  unsigned failures_ = 0;       // since the last seat

  std::vector<SocketAddress> addresses_;
  std::size_t next_address_ = 0;
  TimePoint next_dial_ = kNever;
  std::vector<link::Link*> dialling_;
  std::optional<std::pair<obs::Condition, std::string>> attempt_fault_;

  link::Link* link_ = nullptr;     // the one that answered
  std::uint64_t heard_bytes_ = 0;  // on it, when last asked
  unsigned silent_seconds_ = 0;    // full ones, since something was heard
  unsigned unanswered_ = 0;        // echoes to the relay, since its last answer
  bool doubted_ = false;           // the person was told so
  bool redialling_ = false;        // a second connection is being tried
  TimePoint redial_again_ = kNever;
  std::optional<SocketAddress> relay_address_;
  ctrl::Framer framer_;
  std::optional<auth::SaltedPass> pass_;
  std::optional<auth::ScramClient> scram_;  // the proof under way
  std::size_t told_budget_ = 0;             // to the relay, in hello or since
  TimePoint next_budget_ = kNever;          // when a change may be told
  PeerId own_id_{0};
  PeerId gateway_{0};
  std::map<PeerId, ctrl::PeerJoined> peers_;
  ComingsAndGoings comings_;
  obs::Counters past_;  // of links that have ended, and what the session itself dropped
  TimePoint next_stats_ = kNever;
  TimePoint next_echo_ = kNever;
  EchoBook relay_echoes_;               // since the present seat
  EchoBook gateway_echoes_;             // since the present gateway came
  std::uint32_t seats_ = 0;             // taken, since the program began
  std::vector<link::Received> frames_;  // of the batch being handed on
};

}  // namespace softlan::session
