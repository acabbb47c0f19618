// Two rooms on two workers, with their members in this process: what one sends, the other of its room gets, whether the
// kernel sorts packets or the workers do.
#include <gtest/gtest.h>

#include <ctime>
#include <list>

#include "platform/clock.h"
#include "proto/test_frames.h"
#include "quic/connection_id.h"
#include "runtime/relay_crew.h"
#include "runtime/worker_sockets.h"
#include "support/bare_member.h"

namespace softlan::runtime {
namespace {

constexpr std::size_t kWorkers = 2;
constexpr std::uint16_t kTestType = 0x88b6;  // IEEE 802: for local experiments

std::string room_of_worker(unsigned worker) {
  for (int i = 0;; ++i) {
    std::string code = "ROOM" + std::to_string(i);
    if (quic::worker_of_room(code, kWorkers) == worker) return code;
  }
}

quic::KeyedCertificate relay_certificate() {
  const std::vector<std::string> names{test::kServerName};
  return quic::generate_relay_certificate(names, std::time(nullptr)).value();
}

WorkerSockets loopback_sockets(Steering steering) {
  const std::vector<std::vector<SocketAddress>> places{{{.ip = parse_ip("127.0.0.1").value(), .port = 0}}};
  return open_worker_sockets(places, kWorkers, steering).value();
}

std::vector<std::unique_ptr<quic::TlsContext>> tls_of(const quic::KeyedCertificate& certificate) {
  std::vector<std::unique_ptr<quic::TlsContext>> contexts;
  while (contexts.size() < kWorkers) contexts.push_back(quic::TlsContext::for_relay(certificate).value());
  return contexts;
}

class TwoWorkers : public testing::TestWithParam<Steering> {
 protected:
  struct Player {
    std::uint64_t heard = 0;
    std::optional<test::BareMember> member;
  };

  test::BareMember& join(const std::string& room, ctrl::Role role = ctrl::Role::client) {
    Player& player = players_.emplace_back();
    session::Config who;
    who.role = role;
    who.room = room;
    who.mac = test::numbered_mac(static_cast<std::uint16_t>(players_.size()));
    who.software = "test";
    player.member.emplace(ground_, who, [&player](TimePoint, Bytes) { ++player.heard; });
    loop_.turn([&](TimePoint now) { player.member->join(now); });
    EXPECT_TRUE(wait([&] { return player.member->seated(); })) << player.member->last_word();
    return *player.member;
  }
  [[nodiscard]] const Player& player_of(const test::BareMember& member) const {
    return *std::ranges::find_if(players_, [&](const Player& player) { return &*player.member == &member; });
  }

  // Lets things happen until `done`; false after ten seconds.
  template <typename Done>
  bool wait(Done done) {
    const TimePoint end = platform::now() + std::chrono::seconds(10);
    while (!done() && platform::now() < end) loop_.context().run_one_for(std::chrono::milliseconds(100));
    return done();
  }

  // A frame from one to the other, and what came of it.
  bool reaches(test::BareMember& from, const test::BareMember& to) {
    const std::uint64_t before = player_of(to).heard;
    const auto frame = proto::test::ethernet(to.mac(), from.mac(), kTestType, proto::test::pattern(400));
    loop_.turn([&](TimePoint now) { from.send(now, frame); });
    return wait([&] { return player_of(to).heard > before; });
  }

  std::vector<std::size_t> rooms_of_workers() {
    std::vector<std::size_t> rooms(crew_.count());
    crew_.ask_all(
        [&](std::size_t worker, const relay::Relay& relay, TimePoint) { rooms[worker] = relay.rooms().size(); });
    return rooms;
  }

  const std::string first_room_ = room_of_worker(0);
  const std::string second_room_ = room_of_worker(1);
  obs::Log log_ = obs::Log::quiet();
  relay::Door door_ = relay::Door::passless();
  const quic::KeyedCertificate certificate_ = relay_certificate();
  WorkerSockets sockets_ = loopback_sockets(GetParam());
  const SocketAddress address_ = sockets_.addresses.front();
  RelayCrew crew_{{.relay = {}, .endpoint = {}, .max_frames = 4096},
                  tls_of(certificate_),
                  std::move(sockets_.of_workers),
                  door_,
                  log_};
  Loop loop_;
  test::Ground ground_{.relay = {"127.0.0.1", address_.port},
                       .trust = {.ca = quic::certificate_to_der(certificate_.certificate_pem).value(), .pin = {}},
                       .loop = loop_};
  std::list<Player> players_;
};

TEST_P(TwoWorkers, HaveARoomEach) {
  join(first_room_);
  join(second_room_);
  EXPECT_EQ(rooms_of_workers(), (std::vector<std::size_t>{1, 1}));
}

TEST_P(TwoWorkers, CarryFramesInBothRoomsAtOnce) {
  auto& gateway1 = join(first_room_, ctrl::Role::gateway);
  auto& gateway2 = join(second_room_, ctrl::Role::gateway);
  auto& client1 = join(first_room_);
  auto& client2 = join(second_room_);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(reaches(client1, gateway1)) << i;
    ASSERT_TRUE(reaches(client2, gateway2)) << i;
    ASSERT_TRUE(reaches(gateway1, client1)) << i;
    ASSERT_TRUE(reaches(gateway2, client2)) << i;
  }
}

TEST_P(TwoWorkers, AnswerTheirControlThreadMeanwhile) {
  auto& gateway = join(first_room_, ctrl::Role::gateway);
  auto& client = join(first_room_);
  for (int i = 0; i < 50; ++i) {
    const std::uint64_t before = crew_.packets().strangers.packets;
    ASSERT_TRUE(reaches(client, gateway));
    EXPECT_GT(crew_.packets().strangers.packets, before);
  }
  EXPECT_TRUE(crew_.replace_certificate(relay_certificate()));
  crew_.adopt({.rules = {.max_seats = 2}});
  EXPECT_TRUE(reaches(client, gateway));
  crew_.shut_down();
  EXPECT_TRUE(wait([&] { return !client.seated() && !gateway.seated(); }));
}

TEST_P(TwoWorkers, HandOverOnlyWhatTheKernelDidNotSort) {
  if (GetParam() == Steering::kernel) {
    if (!sockets_.unsteered.empty()) GTEST_SKIP() << sockets_.unsteered;
    for (int i = 0; i < 6; ++i) join(i % 2 == 0 ? first_room_ : second_room_);
    EXPECT_EQ(crew_.packets().handed_over, 0u);
    return;
  }
  // By their addresses, half of them come to the other worker.
  for (int i = 0; i < 40 && crew_.packets().handed_over == 0; ++i) join(first_room_);
  EXPECT_GT(crew_.packets().handed_over, 0u);
  EXPECT_EQ(crew_.packets().handovers_dropped, 0u);
}

INSTANTIATE_TEST_SUITE_P(Packets, TwoWorkers, testing::Values(Steering::kernel, Steering::none), [](const auto& test) {
  return test.param == Steering::kernel ? "SortedByTheKernel" : "SortedByTheWorkers";
});

}  // namespace
}  // namespace softlan::runtime
