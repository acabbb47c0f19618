// A gateway's bridge between a LAN and a room of the test's own.
#pragma once

#include <gmock/gmock.h>

#include <array>
#include <sstream>
#include <vector>

#include "gateway/bridge.h"
#include "session/test_session.h"

namespace softlan::gateway::test {

using link::test::SentFrame;
using obs::DropReason;
using session::test::client_peer;
using session::test::FakeLink;
using session::test::Frame;
using session::test::kOwnSeat;
using session::test::test_mac;

// The LAN's own hosts, none of them a member.
inline const proto::Mac kHost = test_mac(101);
inline const proto::Mac kOtherHost = test_mac(102);

inline Frame frame(const proto::Mac& to, const proto::Mac& from) { return proto::test::ipv4_udp(to, from); }

class FakeLan final : public LanPort {
 public:
  void set_members(std::span<const proto::Mac> macs) override { members.assign(macs.begin(), macs.end()); }
  std::size_t write(std::span<const FrameRef> frames) override {
    for (const FrameRef& one : frames) written.emplace_back(one.bytes().begin(), one.bytes().end());
    return refuses ? frames.size() : 0;
  }

  std::vector<Frame> written;
  std::vector<proto::Mac> members;
  bool refuses = false;
};

class GatewayBridge : public testing::Test {
 protected:
  explicit GatewayBridge(BridgeConfig config = {}) : bridge_(config, story_.pool, lan_, log_) {
    bridge_.attach(story_.session);
  }

  // Seated, and alone in the room.
  FakeLink& sit_down() {
    FakeLink& relay = story_.start_seated(session::test::welcome(kOwnSeat));
    relay.take();
    return relay;
  }
  // The client whose MAC ends in `number`; the refresh frame of its joining is not looked at.
  void join(std::uint8_t number) {
    story_.say(client_peer(number));
    lan_.written.clear();
  }
  void leave(std::uint8_t number) { story_.say(ctrl::PeerLeft{.peer = PeerId{number}, .reason = {}}); }
  void from_lan(const Frame& bytes) {
    std::array<FrameRef, 1> batch = {story_.pool.copy(bytes)};
    bridge_.on_lan_frames(story_.now, batch);
  }
  // The frames that reached the room since the last call.
  std::vector<Frame> in_room() {
    std::vector<Frame> frames;
    for (const SentFrame& sent : story_.link().all<SentFrame>()) frames.push_back(sent.bytes);
    story_.link().take();
    return frames;
  }
  void expect_kept_out(const Frame& bytes, DropReason reason) {
    const std::uint64_t before = bridge_.counters().in.dropped(reason);
    from_lan(bytes);
    EXPECT_THAT(in_room(), testing::SizeIs(0));
    EXPECT_EQ(bridge_.counters().in.dropped(reason), before + 1);
  }
  void wait_for_deadline() {
    story_.now = bridge_.next_deadline();
    bridge_.on_deadline(story_.now);
  }

  FakeLan lan_;
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text);
  session::test::Story story_{session::test::config_of(ctrl::Role::gateway), bridge_};
  Bridge bridge_;
};

}  // namespace softlan::gateway::test
