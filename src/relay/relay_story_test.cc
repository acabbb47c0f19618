// Long random lives of a small relay, checked after every step against what its members were told.

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "relay/test_relay.h"

namespace softlan::relay {
namespace {

using namespace test;

// What one link believes after everything it was told.
struct Belief {
  std::optional<PeerId> seat;
  bool closed = false;
  std::map<PeerId, proto::Mac> others;
};

class RelayStory : public RelayTest, public testing::WithParamInterface<std::uint64_t> {
 protected:
  RelayStory() : RelayTest({.max_rooms = 2, .rules = {.max_seats = 4}, .max_waiting = 3}) {}

  void step();
  void listen(FakeLink& link);
  void check_rooms();

  static constexpr std::uint8_t kIdentities = 7;
  std::uint8_t anyone() { return static_cast<std::uint8_t>(1 + random_.below(kIdentities)); }
  FakeLink& any_link() { return *std::next(links_.begin(), static_cast<std::ptrdiff_t>(random_.below(links_.size()))); }
  ctrl::Hello any_hello() {
    ctrl::Hello words = hello(anyone(), random_.below(4) == 0 ? ctrl::Role::gateway : ctrl::Role::client,
                              "R" + std::to_string(random_.below(3)));
    words.previous = PeerId{static_cast<std::uint16_t>(random_.below(6))};
    return words;
  }

  SeededRandom random_{GetParam()};
  std::map<const FakeLink*, Belief> beliefs_;
  std::set<const FakeLink*> lost_;
};

void RelayStory::step() {
  if (links_.empty() || random_.below(8) == 0) {
    connect(anyone());
    return;
  }
  FakeLink& link = any_link();
  if (lost_.contains(&link)) return;
  switch (random_.below(12)) {
    case 0:
      return lose(link), void(lost_.insert(&link));
    case 1:
      return say(link, ctrl::Disconnect{});
    case 2:
      link.reads_control = false;
      return;
    case 3:
      return wait(std::chrono::milliseconds(random_.below(3000)));
    case 4:
      return send_echo(link,
                       {.target = PeerId{static_cast<std::uint16_t>(random_.below(6))}, .cookie = 1, .reply = false});
    case 5:
    case 6:
    case 7:
      if (beliefs_[&link].seat) return;
      return say(link, any_hello());
    default:
      return send(link, proto::test::ipv4_udp(random_.below(2) == 0 ? proto::test::kBroadcastMac : test_mac(anyone()),
                                              test_mac(anyone())));
  }
}

// Every message must fit what was said before it.
void RelayStory::listen(FakeLink& link) {
  Belief& belief = beliefs_[&link];
  for (const Sent& item : link.take()) {
    ASSERT_FALSE(belief.closed) << "something after the goodbye";
    if (const auto* welcome = FakeLink::as<ctrl::Welcome>(item)) {
      ASSERT_FALSE(belief.seat);
      belief.seat = welcome->peer;
    } else if (const auto* joined = FakeLink::as<ctrl::PeerJoined>(item)) {
      ASSERT_TRUE(belief.seat);
      ASSERT_NE(joined->peer, *belief.seat);
      ASSERT_TRUE(belief.others.emplace(joined->peer, joined->mac).second) << "announced twice";
    } else if (const auto* left = FakeLink::as<ctrl::PeerLeft>(item)) {
      ASSERT_EQ(belief.others.erase(left->peer), 1u) << "left without having joined";
    } else if (const auto* frame = FakeLink::as<SentFrame>(item)) {
      ASSERT_TRUE(belief.others.contains(frame->sender)) << "a frame of somebody unannounced, or its own";
    } else if (FakeLink::as<SentClose>(item)) {
      belief.closed = true;
    }
  }
}

void RelayStory::check_rooms() {
  for (const auto& [code, room] : relay_.rooms()) {
    ASSERT_FALSE(room->seats().empty() && room->held().empty());
    ASSERT_LE(room->seats().size() + room->held().size(), 4u);
    ASSERT_LE(std::ranges::count_if(room->seats(), [](const auto& seat) { return seat->is_gateway(); }), 1);
    std::set<link::Fingerprint> identities;
    for (const auto& seat : room->seats()) {
      ASSERT_TRUE(identities.insert(seat->identity).second);
      ASSERT_FALSE(room->held().holds(seat->id));
      ASSERT_FALSE(room->held().holds(seat->identity));
      ASSERT_EQ(room->held().owner(seat->mac, seat->identity), nullptr);
      ASSERT_FALSE(seat->is_gateway() && room->held().gateway(seat->identity));
      const auto* link = static_cast<const FakeLink*>(seat->link);
      ASSERT_FALSE(lost_.contains(link));
      const Belief& belief = beliefs_[link];
      ASSERT_FALSE(belief.closed);
      ASSERT_EQ(belief.seat, seat->id);
      if (!link->reads_control) continue;
      ASSERT_EQ(belief.others.size(), room->seats().size() - 1);
      for (const auto& [id, mac] : belief.others) ASSERT_EQ(room->find(id)->mac, mac);
    }
  }
}

TEST_P(RelayStory, HoldsTogether) {
  for (int i = 0; i < 5000 && !HasFatalFailure(); ++i) {
    step();
    for (FakeLink& link : links_) listen(link);
    check_rooms();
    std::erase_if(links_, [&](const FakeLink& link) {
      const bool over = beliefs_[&link].closed || lost_.contains(&link);
      if (over) beliefs_.erase(&link), lost_.erase(&link);
      return over;
    });
  }
  EXPECT_LE(relay_.waiting(), 3u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RelayStory, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace softlan::relay
