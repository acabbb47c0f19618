// The relay against members that send what they should not.
#include <gmock/gmock.h>

#include "hostile/relay_world.h"
#include "hostile/words.h"

namespace softlan::hostile {
namespace {

using link::CloseCode;
using obs::DropReason;
using proto::test::pattern;
using proto::test::test_mac;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

class HostileDatagrams : public RelayWorld {
 protected:
  [[nodiscard]] std::uint64_t dropped(std::uint8_t number, DropReason reason) const {
    return seat(number)->link->counters().in.dropped(reason);
  }
  void flood(RawPeer& peer, const Bytestring& datagram, int times) {
    for (int i = 0; i < times; ++i) peer.send(datagram);
    run_out(peer);
  }
  static Bytestring part(std::uint16_t id, std::size_t offset, std::size_t size, std::size_t total = 1000) {
    return fragment_datagram(
        {.frame_id = id, .offset = static_cast<std::uint16_t>(offset), .total = static_cast<std::uint16_t>(total)},
        pattern(size));
  }
};

TEST_F(HostileDatagrams, BeforeASeatAreCountedAsNotSeated) {
  RawPeer& early = connect();
  flood(early, frame_datagram(proto::test::ipv4_udp(proto::test::kBroadcastMac, test_mac(1))), 300);
  flood(early, echo_datagram({.target = kRelayPeer, .cookie = 1, .reply = false}), 300);
  EXPECT_EQ(relay_.unseated().dropped(DropReason::not_seated), 600u);
  EXPECT_THAT(early.datagrams(), SizeIs(0));
  EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(HostileDatagrams, ThatCannotBeReadAreCountedOneByOne) {
  RawPeer& rude = join(1);
  std::uint64_t sent = 0;
  for (const Bytestring& datagram : unreadable_datagrams()) {
    rude.send(datagram);
    run(milliseconds(5));
    EXPECT_EQ(dropped(1, DropReason::malformed_datagram) + dropped(1, DropReason::malformed_fragment), ++sent)
        << testing::PrintToString(datagram);
  }
  EXPECT_FALSE(rude.end());
}

TEST_F(HostileDatagrams, PastAHundredInTenSecondsEndTheConnection) {
  RawPeer& present = join(2);
  RawPeer& rude = join(1);
  flood(rude, {0x2f, 0, 0, 0}, 150);
  ASSERT_TRUE(rude.end());
  EXPECT_EQ(rude.end()->code, static_cast<std::uint64_t>(CloseCode::protocol_error));
  EXPECT_THAT(rude.end()->reason, HasSubstr("too many malformed datagrams"));
  EXPECT_TRUE(logged("too many malformed datagrams"));
  EXPECT_EQ(seat(1), nullptr);
  EXPECT_THAT(all<ctrl::PeerLeft>(present), SizeIs(1));
}

TEST_F(HostileDatagrams, OfNobodyEndTheConnectionToo) {
  RawPeer& rude = connect();
  flood(rude, {0x2f, 0, 0, 0}, 150);
  ASSERT_TRUE(rude.end());
  EXPECT_EQ(rude.end()->code, static_cast<std::uint64_t>(CloseCode::protocol_error));
  EXPECT_TRUE(logged("too many malformed datagrams"));
}

TEST_F(HostileDatagrams, FillerInAnyAmountIsIgnored) {
  RawPeer& padding = join(1);
  Bytestring filler = {0x12, 0xff, 0xff, 0xff};
  filler.resize(1100);
  flood(padding, filler, 1000);
  EXPECT_FALSE(padding.end());
  EXPECT_EQ(dropped(1, DropReason::filler), 1000u);
}

TEST_F(HostileDatagrams, FragmentsThatNeverCompleteHoldNoMoreThanTheirBound) {
  RawPeer& rude = join(1);
  for (int i = 0; i < 5000; ++i) rude.send(part(static_cast<std::uint16_t>(i), 0, 20, 1522));
  std::size_t most = 0;
  for (int i = 0; i < 300; ++i) {
    run(milliseconds(1));
    most = std::max(most, pool_.in_use());
  }
  EXPECT_LE(most, proto::Reassembler::kMaxFrames);
  EXPECT_GT(most, 0u);
  run_out(rude);
  run(milliseconds(300));
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_EQ(dropped(1, DropReason::reassembly_timeout), 5000u);
  EXPECT_FALSE(rude.end());
}

TEST_F(HostileDatagrams, FragmentsThatContradictEachOtherAreNamed) {
  RawPeer& rude = join(1);
  rude.send(part(1, 0, 500));
  rude.send(part(1, 0, 500));  // repeats
  rude.send(part(1, 100, 200));
  rude.send(part(1, 400, 500));  // overlaps
  run(milliseconds(10));
  EXPECT_EQ(dropped(1, DropReason::duplicate_fragment), 2u);
  EXPECT_EQ(dropped(1, DropReason::malformed_fragment), 1u);
  rude.send(part(2, 0, 500));
  rude.send(part(2, 500, 400, 1200));  // disagrees about the total
  run(milliseconds(10));
  EXPECT_EQ(dropped(1, DropReason::malformed_fragment), 2u);
  for (std::size_t i = 0; i < 9; ++i) rude.send(part(3, i * 10, 10));  // one part too many
  run(milliseconds(10));
  EXPECT_EQ(dropped(1, DropReason::malformed_fragment), 3u);
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_EQ(seat(1)->link->counters().in.frames, 0u);
}

TEST_F(HostileDatagrams, RandomFragmentsEndTheConnectionAndLeaveNothing) {
  RawPeer& rude = join(1);
  for (int i = 0; i < 20000; ++i) {
    const std::size_t total = 14 + random_.below(1509);
    const std::size_t offset = random_.below(total);
    rude.send(part(static_cast<std::uint16_t>(random_.below(8)), offset, 1 + random_.below(total - offset), total));
  }
  run_out(rude);
  EXPECT_TRUE(rude.end());
  run(milliseconds(300));
  EXPECT_EQ(pool_.in_use(), 0u);
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileDatagrams, AnEchoFloodIsCutToItsLimit) {
  RawPeer& asked = join(2);
  RawPeer& rude = join(1);
  const PeerId target = seat(2)->id;
  const TimePoint begin = now_;
  flood(rude, echo_datagram({.target = target, .cookie = 1, .reply = false}), 2000);
  flood(rude, echo_datagram({.target = kRelayPeer, .cookie = 1, .reply = false}), 2000);
  const double time = std::chrono::duration<double>(now_ - begin).count();
  EXPECT_LE(static_cast<double>(asked.datagrams().size() + rude.datagrams().size()), 20 + 20 * time + 1);
  EXPECT_GT(seat(1)->counters.in.dropped(DropReason::bandwidth_limit), 3900u);
  EXPECT_EQ(all<ctrl::PeerLeft>(asked).size(), 0u);
}

TEST_F(HostileDatagrams, FramesOfAllKindsAreDecidedUponAndLetGo) {
  RawPeer& listener = join(2);
  RawPeer& rude = join(1);
  for (int i = 0; i < 20000; ++i) {
    Bytestring frame(14 + random_.below(1100));
    random_.fill(frame);
    if (random_.below(2) == 0) test_mac(1).store(&frame[6]);
    if (random_.below(2) == 0) test_mac(2).store(&frame[0]);
    if (random_.below(4) == 0) store_be16(&frame[12], 0x8100);
    if (random_.below(4) == 0) store_be16(&frame[12], 0x86dd);
    rude.send(frame_datagram(frame, PeerId{static_cast<std::uint16_t>(random_.below(65536))}));
  }
  run_out(rude);
  run(seconds(1));
  const obs::DirectionCounters& in = seat(1)->counters.in;
  EXPECT_EQ(in.frames, 20000u);
  EXPECT_GT(in.dropped(DropReason::forged_source), 0u);
  EXPECT_GT(in.dropped(DropReason::invalid_source), 0u);
  EXPECT_GT(seat(2)->counters.out.frames, 0u);
  EXPECT_THAT(listener.datagrams(), SizeIs(testing::Gt(0)));
  EXPECT_EQ(pool_.in_use(), 0u);
}

}  // namespace
}  // namespace softlan::hostile
