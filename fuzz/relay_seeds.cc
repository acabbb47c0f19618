#include <string_view>

#include "ctrl/codec.h"
#include "fuzz/seeds.h"
#include "proto/overlay.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::test::append;
using proto::test::append_be16;
using proto::test::Frame;

constexpr std::uint8_t kClient = 0, kGateway = 1;
constexpr std::uint8_t kRed = 0, kBlue = 2, kBadRoom = 4;
constexpr std::uint8_t kBroadcast = 0xff;
constexpr std::uint8_t kDhcpServer = 0, kSpanningTree = 2, kBigUdp = 3, kTcp = 5;

// An input of relay_fuzz.cc, act by act. Who joins has its place's number as identity and MAC.
class Play {
 public:
  Play& connect(std::uint8_t place, std::uint8_t identity) { return act(0, place, {identity}); }
  Play& lose(std::uint8_t place) { return act(1, place, {0}); }
  Play& leave(std::uint8_t place) { return act(1, place, {1}); }
  Play& hello(std::uint8_t place, std::uint8_t role, std::uint8_t room, std::uint8_t mac) {
    return act(2, place, {role, room, mac, 0, 0, 2, 'm', 'e'});
  }
  Play& join(std::uint8_t place, std::uint8_t role, std::uint8_t room = kRed) {
    return connect(place, place).hello(place, role, room, place);
  }
  Play& message(std::uint8_t place, std::string_view json) {
    return act(3, place, with_size({json.begin(), json.end()}));
  }
  Play& stream(std::uint8_t place, const Frame& bytes) { return act(4, place, with_size(bytes)); }
  Play& frame(std::uint8_t place, std::uint8_t to, std::uint8_t from, std::uint8_t kind) {
    return act(5, place, {to, from, kind});
  }
  Play& datagram(std::uint8_t place, const Frame& bytes) { return act(6, place, with_size(bytes)); }
  Play& echo(std::uint8_t place, std::uint8_t target) { return act(7, place, {0, target, 0}); }
  Play& budget(std::uint8_t place) { return act(8, place, {4, 176}); }
  Play& stop_reading(std::uint8_t place) { return act(9, place, {}); }
  Play& wait(std::uint16_t milliseconds) {
    Frame operands;
    append_be16(operands, milliseconds);
    return act(10, 0, operands);
  }
  Play& times(int count, auto again) {
    for (int i = 0; i < count; ++i) again(*this);
    return *this;
  }
  operator Frame() const { return bytes_; }  // NOLINT: a play is its bytes

 private:
  static Frame with_size(const Frame& bytes) {
    Frame sized;
    append_be16(sized, bytes.size());
    append(sized, bytes);
    return sized;
  }
  Play& act(std::uint8_t what, std::uint8_t place, const Frame& operands) {
    bytes_.push_back(static_cast<std::uint8_t>(what << 4 | place));
    append(bytes_, operands);
    return *this;
  }

  Frame bytes_;
};

Play party() { return Play().join(0, kGateway).join(1, kClient).join(2, kClient); }

Frame part_of_a_frame(std::uint16_t offset) {
  const auto header = proto::encode_fragment(kRelayPeer, {1, offset, 60});
  Frame bytes(header.begin(), header.end());
  append(bytes, proto::test::pattern(30));
  return bytes;
}

}  // namespace

Seeds relay_seeds() {
  return {
      {"party", party().frame(1, 2, 1, kTcp).frame(0, 1, 0, kTcp).frame(2, kBroadcast, 2, kBigUdp)},
      {"echoes", party().echo(1, 1).echo(1, 0).echo(1, 9).times(25, [](Play& play) { play.echo(2, 0); })},
      {"two_rooms", party().join(3, kClient, kBlue).frame(3, kBroadcast, 3, kTcp).frame(3, 1, 3, kTcp)},
      {"second_gateway", Play().join(0, kGateway).join(1, kGateway)},
      {"room_full", party().join(3, kClient)},
      {"mac_taken", Play().join(0, kGateway).connect(1, 1).hello(1, kClient, kRed, 0)},
      {"bad_room", Play().join(0, kClient, kBadRoom)},
      {"bad_mac", Play().connect(0, 0).hello(0, kClient, kRed, kBroadcast)},
      {"comes_back", party().connect(3, 1).hello(3, kClient, kRed, 1).frame(3, 0, 1, kTcp)},
      {"comes_back_as_gateway", party().lose(0).connect(3, 1).hello(3, kGateway, kRed, 5)},
      {"comes_back_to_its_held_seat", party().lose(0).wait(9000).connect(3, 0).hello(3, kGateway, kRed, 0)},
      {"comes_back_after_its_seat_was_let_go", party().lose(1).wait(11000).join(3, kClient).join(1, kClient)},
      {"held_mac_is_asked_for", party().lose(1).connect(3, 3).hello(3, kClient, kRed, 1)},
      {"leaves_and_room_closes", Play().join(0, kGateway).leave(0)},
      {"forged_source", party().frame(1, kBroadcast, 2, kTcp).frame(0, 2, 1, kTcp)},
      {"guards", party().frame(1, 0, 1, kDhcpServer).frame(0, 0, 0, kDhcpServer).frame(0, 0, 0, kSpanningTree)},
      {"limits", party().times(12, [](Play& play) { play.frame(1, kBroadcast, 1, kBigUdp).frame(1, 6, 1, kTcp); })},
      {"no_gateway", Play().join(1, kClient).join(2, kClient).frame(1, 6, 1, kTcp)},
      {"fragments", party().datagram(1, part_of_a_frame(0)).datagram(1, part_of_a_frame(30))},
      {"bad_datagrams", party().times(6, [](Play& play) { play.datagram(1, {0x20, 0, 0, 0}); })},
      {"slow_reader", party().stop_reading(1).lose(2).join(2, kClient)},
      {"no_hello_in_time", Play().connect(0, 0).wait(2000).join(1, kClient).wait(3000).wait(60000)},
      {"too_many_waiting", Play().connect(0, 0).connect(1, 1).connect(2, 2)},
      {"goodbye", party().message(1, R"({"type":"disconnect","reason":"bye"})").frame(2, kBroadcast, 2, kTcp)},
      {"member_words", party().budget(1).message(1, R"({"type":"stats","drops":{"runt":1}})")},
      {"words_before_hello", Play().connect(0, 0).message(0, R"({"type":"budget","bytes":1200})")},
      {"words_of_a_relay", party().message(1, R"({"type":"peer_left","peer":2})")},
      {"bad_stream", Play().connect(0, 0).stream(0, {0, 0}).stream(0, {0, 0})},
  };
}

}  // namespace softlan::fuzz
