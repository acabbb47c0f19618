// A relay with a few links whose every act the fuzzer chooses, and what must hold after each.
//
// Datagrams pass a link::Leg on their way in, as they do behind a real connection. Whatever the relay asks of a link is
// held against what its member was told before: frames only of announced peers of the same room, nothing after the
// goodbye, one gateway to a room, ids, MACs and identities of their own.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "link/fake_link.h"
#include "link/leg.h"
#include "relay/relay.h"

namespace softlan::fuzz {

class Party {
 public:
  static constexpr std::size_t kPlaces = 4;  // links at once

  Party();
  ~Party();

  // Each act is followed by check(); one that needs a link does nothing where there is none.
  void connect(std::size_t place, std::uint8_t identity);
  void lose(std::size_t place, link::LinkFault fault);
  void stop_reading(std::size_t place);
  void hello(std::size_t place, const ctrl::Hello& words);
  void say(std::size_t place, Bytes control);
  void send(std::size_t place, Bytes datagram);
  void change_budget(std::size_t place, std::uint16_t budget);
  void wait(Duration time);

 private:
  struct Member {
    Member(std::uint8_t identity, FramePool& pool) : link(identity), leg(pool, {}) {}

    link::test::FakeLink link;
    link::Leg leg;
    // What it was told.
    std::optional<PeerId> seat;
    std::map<PeerId, proto::Mac> others;
    bool closed = false;
    bool rambles = false;  // has sent bytes on the control stream that may mean anything

    [[nodiscard]] bool behaves() const { return !seat && !rambles && link.reads_control; }
  };
  // The frame or echo the relay is deciding on.
  struct Passing {
    const Member* from = nullptr;
    std::vector<std::uint8_t> bytes;
    std::size_t delivered = 0;
    bool dropped = false;
  };

  void speak(std::size_t place, Bytes control);
  [[nodiscard]] std::optional<PeerId> seat_of(const link::Fingerprint& identity, const ctrl::Hello& words) const;
  void deliver(Member& from, link::Received received);
  void check();
  void hear(Member& member);
  void hear_frame(const Member& member, const link::test::SentFrame& frame);
  void check_passing();
  void check_room(std::string_view code, const relay::Room& room);
  void check_seat(const relay::Room& room, const relay::Seat& seat);
  [[nodiscard]] Member* at(std::size_t place) { return places_[place % kPlaces].get(); }
  [[nodiscard]] Member* member_of(const link::Link* link);

  TimePoint now_{};
  FramePool pool_{48};
  std::ostream nowhere_{nullptr};
  obs::Log log_ = obs::Log::to(nowhere_, obs::Level::debug, obs::LogFormat::text);
  std::array<std::unique_ptr<Member>, kPlaces> places_;
  std::optional<Passing> passing_;
  relay::RelayConfig config_;
  relay::Door door_ = relay::Door::passless();
  relay::Relay relay_;
};

}  // namespace softlan::fuzz
