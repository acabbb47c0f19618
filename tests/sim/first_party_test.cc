// The first party: two members and a relay over lines that lose every fiftieth packet, with real QUIC and TLS.
#include <gtest/gtest.h>

#include "sim/properties.h"
#include "sim/world.h"

namespace softlan::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kRoom[] = "PARTY1";
constexpr Duration kJoinTimeout = seconds(10);

const Credentials& credentials() {
  static const Credentials made(2);
  return made;
}

LineConfig lossy_line() {
  LineConfig line;
  line.delay = milliseconds(25);
  line.loss = 0.02;
  return line;
}

LineConfig clean_line() {
  LineConfig line;
  line.delay = milliseconds(25);
  return line;
}

std::size_t heard(const Place& at, const Flow& flow) {
  return static_cast<std::size_t>(std::ranges::count(at.station->arrivals(), flow.id, &Station::Arrival::flow));
}

// Sends frames of every size from 60 to 1522 bytes, one every 30 ms: slow enough for what congestion control allows on
// a line that loses every fiftieth packet.
void send_all_sizes(World& world, Flow& flow) {
  for (std::size_t size = 60; size <= kMaxFrameSize; size += 17) {
    world.sim().scheduler.after(milliseconds(30) * static_cast<int>(size / 17),
                                [&world, &flow, size] { (void)world.traffic().send(flow, size); });
  }
}

constexpr std::size_t kSizes = (kMaxFrameSize - 60) / 17 + 1;

void expect_sound(const World& world) {
  EXPECT_EQ(all_of_delivery(world), Findings{});
  EXPECT_EQ(every_frame_is_accounted_for(world), Findings{});
  EXPECT_EQ(nothing_is_held_on_to(world), Findings{});
  EXPECT_EQ(seats_are_unique(world), Findings{});
  EXPECT_EQ(bounds_are_kept(world), Findings{});
}

// Both ways and to everybody, all sizes; the flows in the order of their ids.
void talk(World& world, const Place& one, const Place& other) {
  send_all_sizes(world, world.traffic().open(one, &other));
  send_all_sizes(world, world.traffic().open(other, &one));
  send_all_sizes(world, world.traffic().open(one, nullptr));
  send_all_sizes(world, world.traffic().open(other, nullptr));
  world.run_for(seconds(4));
}

TEST(FirstParty, SeatsTwoClientsWithinTwoSeconds) {
  World world(1, credentials());
  world.add_client(kRoom, lossy_line(), kJoinTimeout);
  world.add_client(kRoom, lossy_line(), kJoinTimeout);
  world.start();
  EXPECT_TRUE(world.run_until([&] { return world.everyone_seated(); }, seconds(2)));
  EXPECT_EQ(everyone_is_back(world), Findings{});
}

TEST(FirstParty, CarriesFramesOfAllSizesBetweenTwoClientsInSpiteOfLoss) {
  World world(2, credentials());
  world.add_client(kRoom, lossy_line(), kJoinTimeout);
  world.add_client(kRoom, lossy_line(), kJoinTimeout);
  world.start();
  ASSERT_TRUE(world.run_until([&] { return world.everyone_seated(); }, seconds(2)));
  world.run_for(seconds(1));
  talk(world, world.places()[0], world.places()[1]);
  for (const Flow& flow : world.traffic().flows()) {
    const Place& receiver = flow.from == &world.places()[0] ? world.places()[1] : world.places()[0];
    EXPECT_EQ(flow.sent, kSizes);
    EXPECT_GT(heard(receiver, flow), kSizes * 8 / 10) << "flow " << flow.id;
  }
  expect_sound(world);
}

TEST(FirstParty, LosesNothingOnALineThatLosesNothing) {
  World world(3, credentials());
  world.add_client(kRoom, clean_line(), kJoinTimeout);
  world.add_client(kRoom, clean_line(), kJoinTimeout);
  world.start();
  ASSERT_TRUE(world.run_until([&] { return world.everyone_seated(); }, seconds(1)));
  world.run_for(seconds(1));
  talk(world, world.places()[0], world.places()[1]);
  for (const Flow& flow : world.traffic().flows()) {
    const Place& receiver = flow.from == &world.places()[0] ? world.places()[1] : world.places()[0];
    EXPECT_EQ(heard(receiver, flow), kSizes) << "flow " << flow.id;
  }
  expect_sound(world);
}

TEST(FirstParty, BringsARemotePlayerOntoTheLan) {
  World world(4, credentials());
  const Place& player = world.place_of(world.add_client(kRoom, lossy_line(), kJoinTimeout).station());
  SimGateway& gateway = world.add_gateway(kRoom, lossy_line());
  const Place& host = world.add_host(gateway);
  const Place& bystander = world.add_host(gateway);
  world.start();
  ASSERT_TRUE(world.run_until([&] { return world.everyone_seated(); }, seconds(2)));
  world.run_for(seconds(2));  // the player's carrier was bounced
  talk(world, player, host);
  const auto& flows = world.traffic().flows();
  EXPECT_GT(heard(host, flows[0]), kSizes * 8 / 10);
  EXPECT_GT(heard(player, flows[1]), kSizes * 8 / 10);
  EXPECT_GT(heard(bystander, flows[2]), kSizes * 8 / 10);
  EXPECT_EQ(heard(bystander, flows[3]), kSizes);
  EXPECT_EQ(heard(bystander, flows[1]), 0u) << "the switch knows where the player is";
  EXPECT_EQ(gateway.lan().port_of(player.station->mac()), gateway.port());
  gateway.hush();
  world.run_for(seconds(1));
  expect_sound(world);
}

std::uint64_t timeline_of(std::uint64_t seed) {
  World world(seed, credentials());
  const Place& player = world.place_of(world.add_client(kRoom, lossy_line(), kJoinTimeout).station());
  const Place& host = world.add_host(world.add_gateway(kRoom, lossy_line()));
  world.start();
  (void)world.run_until([&] { return world.everyone_seated(); }, seconds(5));
  talk(world, player, host);
  EXPECT_GT(world.sim().timeline.events(), 500u);
  return world.sim().timeline.hash();
}

TEST(FirstParty, IsTheSamePartyForTheSameSeed) {
  EXPECT_EQ(timeline_of(5), timeline_of(5));
  EXPECT_NE(timeline_of(5), timeline_of(6));
}

}  // namespace
}  // namespace softlan::sim
