// The simulated parts themselves: clock, lines, NAT, switch, capture.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/internet.h"
#include "sim/line.h"
#include "sim/nat.h"
#include "sim/pcapng.h"
#include "sim/station.h"
#include "sim/switch.h"

namespace softlan::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SimTest : public testing::Test {
 protected:
  void run_for(Duration time) { sim_.scheduler.run_until(sim_.now() + time); }

  Sim sim_{1, true};
};

class LineTest : public SimTest {
 protected:
  // Sends packets that carry their number in the first byte.
  void send(int count, std::size_t size = 100) {
    for (int i = 0; i < count; ++i) {
      UdpPacket packet;
      packet.data.assign(size, static_cast<std::uint8_t>(i));
      line_.carry(std::move(packet));
    }
  }

  std::vector<int> numbers_;
  std::vector<TimePoint> arrivals_;
  Line line_{sim_, sim_.timeline.add_node("line"), {}, [this](const UdpPacket& packet) {
               numbers_.push_back(packet.data[0]);
               arrivals_.push_back(sim_.now());
             }};
};

TEST_F(SimTest, RunsEventsInTheOrderOfTimeAndThenOfScheduling) {
  std::string order;
  sim_.scheduler.after(milliseconds(2), [&] { order += 'c'; });
  sim_.scheduler.after(milliseconds(1), [&] { order += 'a'; });
  sim_.scheduler.after(milliseconds(1), [&] { order += 'b'; });
  run_for(milliseconds(5));
  EXPECT_EQ(order, "abc");
}

TEST_F(LineTest, DelaysPackets) {
  line_.config.delay = milliseconds(25);
  const TimePoint sent = sim_.now();
  send(1);
  run_for(seconds(1));
  ASSERT_EQ(arrivals_.size(), 1u);
  EXPECT_EQ(arrivals_[0] - sent, milliseconds(25));
}

TEST_F(LineTest, KeepsTheOrderInSpiteOfJitter) {
  line_.config.jitter = milliseconds(20);
  send(100);
  run_for(seconds(1));
  EXPECT_EQ(numbers_.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(numbers_));
}

TEST_F(LineTest, SendsNoFasterThanItsRate) {
  line_.config.bits_per_second = 128 * 8 * 100;  // a hundred of these packets, with their headers, a second
  const TimePoint sent = sim_.now();
  send(10);
  run_for(seconds(1));
  ASSERT_EQ(arrivals_.size(), 10u);
  EXPECT_EQ(arrivals_[9] - sent, milliseconds(100));
}

TEST_F(LineTest, DropsWhatItsQueueCannotHold) {
  line_.config.bits_per_second = 1e6;
  line_.config.queue_bytes = 1280;
  send(20);
  run_for(seconds(1));
  EXPECT_EQ(numbers_.size(), 10u);
  EXPECT_EQ(line_.ledger().lost(), 10u);
}

TEST_F(LineTest, LosesPacketsAtRandomAndSaysHowMany) {
  line_.config.loss = 0.5;
  send(100);
  run_for(seconds(1));
  EXPECT_GT(line_.ledger().lost(), 20u);
  EXPECT_EQ(numbers_.size() + line_.ledger().lost(), 100u);
}

TEST_F(LineTest, LosesPacketsInBursts) {
  line_.config.burst_begin = 1;
  line_.config.burst_length = milliseconds(50);
  send(1);
  line_.config.burst_begin = 0;
  send(1);
  run_for(seconds(1));
  send(1);
  run_for(seconds(1));
  EXPECT_EQ(line_.ledger().lost(), 2u);
}

TEST_F(LineTest, DuplicatesAndReorders) {
  line_.config.duplication = 1;
  send(1);
  run_for(seconds(1));
  EXPECT_EQ(numbers_.size(), 2u);
  line_.config.duplication = 0;
  line_.config.reordering = 1;
  send(1);
  line_.config.reordering = 0;
  numbers_.clear();
  UdpPacket later;
  later.data.assign(100, 9);
  line_.carry(std::move(later));
  run_for(seconds(1));
  EXPECT_EQ(numbers_, (std::vector{9, 0}));
  EXPECT_EQ(line_.ledger().reordered, 1u);
}

TEST_F(LineTest, CarriesNothingAboveItsMtuAndNothingWhileItIsCut) {
  line_.config.mtu = 1280;
  send(1, 1280 - kIpAndUdpHeaders);
  send(1, 1280 - kIpAndUdpHeaders + 1);
  line_.cut = true;
  send(1);
  run_for(seconds(1));
  EXPECT_EQ(numbers_.size(), 1u);
  EXPECT_EQ(line_.ledger().lost(), 2u);
}

TEST(Nat, GivesAnInsidePortANewOutsideOneWhenItRebinds) {
  Nat nat;
  const std::uint16_t before = nat.outside(4000);
  EXPECT_EQ(nat.outside(4000), before);
  EXPECT_EQ(nat.inside(before), 4000);
  nat.rebind();
  EXPECT_EQ(nat.inside(before), std::nullopt);
  EXPECT_NE(nat.outside(4000), before);
}

class SwitchTest : public SimTest {
 protected:
  SwitchTest() {
    for (int i = 0; i < 3; ++i) {
      auto& station = stations_.emplace_back(sim_, "host", proto::Mac{{2, 0, 0, 0, 0, static_cast<std::uint8_t>(i)}});
      const Switch::Port port = lan_.add_port([&station](Bytes frame) { station.receive(frame); });
      station.plug([this, port](Bytes frame) {
        lan_.send(port, frame);
        return true;
      });
    }
  }

  // How many frames each station got since the last call.
  std::vector<std::size_t> counts() {
    run_for(milliseconds(1));
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < stations_.size(); ++i) {
      fresh.push_back(stations_[i].arrivals().size() - seen_[i]);
      seen_[i] = stations_[i].arrivals().size();
    }
    return fresh;
  }

  Switch lan_{sim_, seconds(10)};
  std::deque<Station> stations_;
  std::size_t seen_[3] = {};
};

TEST_F(SwitchTest, FloodsUntilItHasLearnedAndAgainAfterTheAgeingTime) {
  (void)stations_[0].send(stations_[1].mac(), 0, 0, 60);
  EXPECT_EQ(counts(), (std::vector<std::size_t>{0, 1, 1}));
  (void)stations_[1].send(stations_[0].mac(), 1, 0, 60);
  EXPECT_EQ(counts(), (std::vector<std::size_t>{1, 0, 0}));
  (void)stations_[0].send(stations_[1].mac(), 0, 1, 60);
  EXPECT_EQ(counts(), (std::vector<std::size_t>{0, 1, 0}));
  run_for(seconds(11));
  (void)stations_[0].send(stations_[1].mac(), 0, 2, 60);
  EXPECT_EQ(counts(), (std::vector<std::size_t>{0, 1, 1}));
}

TEST_F(SwitchTest, SendsBroadcastsToAllOthers) {
  (void)stations_[2].send(kBroadcast, 0, 0, 60);
  EXPECT_EQ(counts(), (std::vector<std::size_t>{1, 1, 0}));
}

TEST(Frame, ShowsWhenItWasDamaged) {
  auto frame = make_frame(kBroadcast, {{2, 0, 0, 0, 0, 1}}, 7, 9, 100);
  EXPECT_TRUE(read_frame(frame)->intact);
  EXPECT_EQ(read_frame(frame)->flow, 7u);
  EXPECT_EQ(read_frame(frame)->number, 9u);
  frame[99] ^= 1;
  EXPECT_FALSE(read_frame(frame)->intact);
}

TEST(Pcapng, WritesBlocksThatEndAsTheyBegin) {
  PcapngWriter writer;
  writer.add_interface(PcapngWriter::kEthernet, "lan");
  writer.add_packet(0, TimePoint(seconds(1)), make_frame(kBroadcast, {{2, 0, 0, 0, 0, 1}}, 0, 0, 61));
  const auto file = writer.take();
  const auto little = [&](std::size_t at) {
    return file[at] | std::size_t{file[at + 1]} << 8 | std::size_t{file[at + 2]} << 16 |
           std::size_t{file[at + 3]} << 24;
  };
  int blocks = 0;
  for (std::size_t at = 0; at < file.size(); ++blocks) {
    const std::size_t size = little(at + 4);
    ASSERT_EQ(size % 4, 0u);
    ASSERT_LE(at + size, file.size());
    EXPECT_EQ(little(at + size - 4), size);
    at += size;
  }
  EXPECT_EQ(blocks, 3);
}

}  // namespace
}  // namespace softlan::sim
