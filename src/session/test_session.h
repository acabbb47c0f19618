// A session with a resolver, relays and a clock of the test's own, and the words to tell its story.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "link/fake_link.h"
#include "proto/test_frames.h"
#include "session/session.h"

namespace softlan::session::test {

using link::test::closed_with;
using link::test::FakeLink;
using proto::test::Frame;
using proto::test::test_mac;

// "192.0.2.1" or "2001:db8::1", port 443.
inline SocketAddress relay_at(std::string_view ip) { return {.ip = proto::test::ip(ip), .port = 443, .scope = 0}; }

// Counts lookups, keeps dials, and has a link for each but those to addresses without a route.
class FakeSurroundings final : public Surroundings {
 public:
  void resolve() override { ++lookups; }
  Result<link::Link*> dial(TimePoint, const SocketAddress& address) override {
    dialled.push_back(address);
    if (std::ranges::count(without_route, address) != 0) return fail("no route");
    FakeLink& link = links.emplace_back(std::uint8_t{1}, address);
    link.present_stats.budget = 1168;
    link.reads_control = relays_read_control;
    return &link;
  }

  int lookups = 0;
  std::vector<SocketAddress> dialled;
  std::list<FakeLink> links;
  std::vector<SocketAddress> without_route;
  bool relays_read_control = true;
};

class FakeListener final : public Listener {
 public:
  struct Told {
    obs::Condition condition;
    obs::Details details;
  };

  void on_condition(obs::Condition condition, const obs::Details& details) override {
    EXPECT_TRUE(ended.empty()) << "nothing follows the end";
    told.push_back({condition, details});
  }
  void on_ended(bool failed) override { ended.push_back(failed); }

  [[nodiscard]] bool heard(obs::Condition condition) const {
    return std::ranges::count(told, condition, &Told::condition) != 0;
  }

  std::vector<Told> told;
  std::vector<bool> ended;  // one at most
};

class FakeMember final : public Member {
 public:
  void on_seated(TimePoint, const ctrl::Welcome& welcome) override { welcomes.push_back(welcome); }
  void on_unseated(TimePoint) override { ++unseated; }
  void on_peer_joined(TimePoint, const ctrl::PeerJoined& peer) override { joined.push_back(peer); }
  void on_peer_left(TimePoint, const ctrl::PeerJoined& peer) override { left.push_back(peer); }
  void on_frames(TimePoint, std::span<const link::Received> frames) override {
    for (const link::Received& one : frames) senders.push_back(one.sender);
  }
  const obs::Counters& counters() const override { return present_counters; }

  std::vector<ctrl::Welcome> welcomes;
  int unseated = 0;
  std::vector<ctrl::PeerJoined> joined, left;
  std::vector<PeerId> senders;  // of the frames handed on
  obs::Counters present_counters;
};

inline Config config_of(ctrl::Role role, Duration join_timeout = std::chrono::seconds(10)) {
  return {.role = role,
          .room = "ROOM1",
          .mac = test_mac(1),
          .name = "Ada",
          .software = "lanparty-test 1",
          .relay = "relay.example.org:443",
          .server_name = "lanparty-relay.local",
          .join_timeout = join_timeout};
}

inline constexpr PeerId kOwnSeat{7};
inline constexpr PeerId kGatewaySeat{2};

inline ctrl::Welcome welcome(PeerId gateway = kRelayPeer) {
  return {.protocol = ctrl::kProtocolVersion,
          .peer = kOwnSeat,
          .mtu = 1500,
          .gateway = gateway,
          .limits = {},
          .keep_alive_ms = 5000,
          .software = "relay",
          .capabilities = {}};
}
// A client with the MAC 02:00:00:00:00:<peer>.
inline ctrl::PeerJoined client_peer(std::uint8_t peer, std::string name = {}) {
  return {.peer = PeerId{peer}, .role = ctrl::Role::client, .mac = test_mac(peer), .name = std::move(name)};
}
inline ctrl::PeerJoined gateway_peer(std::string name = "the party") {
  return {.peer = kGatewaySeat, .role = ctrl::Role::gateway, .mac = test_mac(2), .name = std::move(name)};
}

// A session and all around it but its member.
class Story {
 public:
  Story(Config config, Member& member) : session(std::move(config), surroundings, member, listener, random, log) {}

  // Time passes, and the session is called whenever it wants to be, as the loop does it.
  void wait(Duration time) {
    const TimePoint end = now + time;
    while (session.next_deadline() <= end) {
      now = std::max(now, session.next_deadline());
      for (FakeLink& link : surroundings.links) link.present_stats.bytes_received += relay_is_heard ? 100 : 0;
      session.on_deadline(now);
      if (relay_is_heard && session.seated()) answer_echo();
    }
    now = end;
  }
  // Until the session wants to be called again.
  void wait_for_deadline() {
    ASSERT_NE(session.next_deadline(), kNever);
    wait(session.next_deadline() - now);
  }

  void resolve(std::vector<SocketAddress> addresses) { session.on_resolved(now, std::move(addresses)); }
  void resolve() { resolve({relay_at("192.0.2.1")}); }
  // The link dialled last.
  FakeLink& link() { return surroundings.links.back(); }
  void answer(FakeLink& from) { session.on_link_up(now, from); }
  void lose(FakeLink& from, link::LinkFault fault = link::LinkFault::timeout,
            link::CloseCode code = link::CloseCode::leave) {
    session.on_link_down(now, from, {.fault = fault, .code = static_cast<std::uint64_t>(code), .reason = "gone"});
  }

  // From a lookup under way to a relay that has got our hello.
  FakeLink& connect() {
    resolve();
    answer(link());
    return link();
  }
  // The same, to a seat.
  FakeLink& sit_down(const ctrl::Welcome& words = welcome()) {
    FakeLink& relay = connect();
    say(words);
    EXPECT_TRUE(session.seated());
    return relay;
  }
  FakeLink& start_seated(const ctrl::Welcome& words = welcome()) {
    session.start(now);
    return sit_down(words);
  }

  void say(const ctrl::Message& message) { session.on_control(now, link(), ctrl::encode(message)); }
  void receive(PeerId sender, const Frame& frame) {
    std::array<link::Received, 1> batch;
    batch[0].from = &link();
    batch[0].sender = sender;
    batch[0].frame = pool.copy(frame);
    session.on_received(now, batch);
  }
  // The relay's answer, on the connection that carries the seat: the oldest that is open.
  void answer_echo() {
    const auto open = std::ranges::find_if(surroundings.links, [](const FakeLink& l) { return !closed_with(l); });
    if (open == surroundings.links.end()) return;
    std::array<link::Received, 1> batch;
    batch[0].from = &*open;
    batch[0].is_echo = true;
    batch[0].echo = {.target = kOwnSeat, .cookie = 0, .reply = true};
    session.on_received(now, batch);
  }
  void receive_echo(PeerId sender, const proto::Echo& echo) {
    std::array<link::Received, 1> batch;
    batch[0].from = &link();
    batch[0].sender = sender;
    batch[0].is_echo = true;
    batch[0].echo = echo;
    session.on_received(now, batch);
  }

  TimePoint now{std::chrono::seconds(100)};
  bool relay_is_heard = true;  // while time passes
  FramePool pool{64};
  SeededRandom random{1};
  obs::Log log = obs::Log::quiet();
  FakeSurroundings surroundings;
  FakeListener listener;
  Session session;
};

// A client's session whose member is a fake as well.
class SessionTest : public testing::Test {
 protected:
  explicit SessionTest(Config config = config_of(ctrl::Role::client)) : story_(std::move(config), member_) {}

  [[nodiscard]] obs::Condition last_told() const { return story_.listener.told.back().condition; }
  [[nodiscard]] const obs::Details& last_details() const { return story_.listener.told.back().details; }

  FakeMember member_;
  Story story_;
  Session& session_ = story_.session;
  FakeSurroundings& surroundings_ = story_.surroundings;
  FakeListener& listener_ = story_.listener;
};

}  // namespace softlan::session::test
