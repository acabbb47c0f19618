// One visit to the relay: whichever connection is up first says hello, sits for three seconds asking for echoes, and
// leaves with a goodbye, so that no seat is held.
//
//   dialled -> greeting -> seated -> over            a reject, a lost connection or too long a silence: over at once
//
// Sees what a member sees and joins nothing that lasts: it comes with an identity and a MAC of its own, so it never
// takes over anybody's seat, and it never founds a room. The others see one member come and go. A core without I/O.
#pragma once

#include <optional>
#include <vector>

#include "auth/scram_client.h"
#include "base/random.h"
#include "ctrl/codec.h"
#include "doctor/relay.h"
#include "link/link.h"

namespace softlan::doctor {

struct Visitor {
  ctrl::Role role = ctrl::Role::client;
  std::string room;  // canonical
  proto::Mac mac;
  std::string pass{};  // empty: none
  std::string software{};
};

class RelayProbe final : public link::LinkOwner {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(5);  // for a connection, and again for an answer
  static constexpr Duration kStays = std::chrono::seconds(3);
  static constexpr Duration kEchoInterval = std::chrono::milliseconds(100);

  RelayProbe(Visitor visitor, Random& random);

  // `link` is on its way to `address`. All of them before anything else happens.
  void on_dialled(TimePoint now, link::Link& link, const SocketAddress& address);
  // This machine has no way to one of the addresses.
  void on_no_way(std::string reason);
  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return next_; }
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] const Visit& visit() const { return visit_; }

  // link::LinkOwner
  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) override;
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint now, std::span<link::Received> received) override;
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}

 private:
  struct Dial {
    link::Link* link;  // null once it has ended
    SocketAddress address;
    bool heard = false;
  };

  void greet(link::Link& link);
  void settle_families();
  void on_message(TimePoint now, const ctrl::Message& message);
  void on_challenge(const ctrl::Challenge& challenge);
  void on_welcome(TimePoint now, const ctrl::Welcome& welcome);
  void send(const ctrl::Message& message);
  void send_echo(TimePoint now);
  void take_stats();
  void finish();

  Visitor visitor_;
  Random& random_;
  Visit visit_;
  std::vector<Dial> dials_;
  link::Link* link_ = nullptr;  // the one that was up first
  ctrl::Framer framer_;
  auth::SaltedPass pass_;
  std::optional<auth::ScramClient> scram_;
  std::vector<TimePoint> asked_;  // when each echo was
  TimePoint stay_until_ = kNever;
  TimePoint next_ = kNever;
  bool over_ = false;
};

}  // namespace softlan::doctor
