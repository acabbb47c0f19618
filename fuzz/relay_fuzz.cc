// A relay and four links that may do anything: come, talk, lie, fall silent and go, in any order, while time passes.
//
// Input: acts, each `what << 4 | place` (1) and its operands:
//
//   0 connect  identity (1)                     5 frame      destination, source and kind (1 each)
//   1 lose     on purpose (1)                   6 datagram   length (2), bytes
//   2 hello    role, room, mac (1 each),        7 echo       target (2), reply (1)
//              previous (2), name (string)      8 budget     bytes (2)
//   3 message  length (2), JSON                 9 stop reading
//   4 stream   length (2), bytes               10 wait       milliseconds (2)

#include <array>

#include "fuzz/relay_party.h"
#include "fuzz/target.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::test::Frame;

// One of a few MACs, so that members meet each other's; the last are those nobody may own.
proto::Mac a_mac(std::uint8_t choice) {
  if (choice == 0xff) return proto::test::kBroadcastMac;
  if (choice == 0xfe) return proto::Mac{};
  return proto::test::test_mac(choice % 8);
}

ctrl::Hello a_hello(Input& input) {
  static constexpr std::array<std::string_view, 5> kRooms = {"RED", "red", "BLUE", "GREEN", "no room"};
  ctrl::Hello hello;
  hello.role = input.u8() % 2 == 0 ? ctrl::Role::client : ctrl::Role::gateway;
  hello.room = kRooms[input.u8() % kRooms.size()];
  hello.mac = a_mac(input.u8());
  hello.previous = PeerId{input.u16()};
  hello.name = text_of(input.short_string());
  return hello;
}

Frame a_frame(Input& input) {
  const proto::Mac to = a_mac(input.u8());
  const proto::Mac from = a_mac(input.u8());
  switch (input.u8() % 6) {
    case 0:
      return proto::test::dhcp_server_message(from);
    case 1:
      return proto::test::router_advertisement(from);
    case 2:
      return proto::test::llc(proto::Mac{{0x01, 0x80, 0xc2, 0, 0, 0}}, from);
    case 3:
      return proto::test::ipv4_udp(to, from, {.payload = Frame(1400)});
    case 4:
      return proto::test::vlan(proto::test::ipv6_udp(to, from), 7);
    default:
      return proto::test::ipv4_tcp(to, from);
  }
}

Frame framed(Bytes json) {
  Frame bytes;
  proto::test::append_be32(bytes, static_cast<std::uint32_t>(json.size()));
  proto::test::append(bytes, json);
  return bytes;
}

Frame datagram_of(const Frame& frame) {
  const auto header = proto::encode_header({});
  Frame bytes(header.begin(), header.end());
  proto::test::append(bytes, frame);
  return bytes;
}

void act(Party& party, Input& input) {
  const std::uint8_t what = input.u8();
  const std::size_t place = what & 0x0fU;
  switch (what >> 4) {
    case 0:
      return party.connect(place, input.u8() % 6);
    case 1:
      return party.lose(place, input.u8() % 2 == 0 ? link::LinkFault::timeout : link::LinkFault::closed_by_peer);
    case 2:
      return party.hello(place, a_hello(input));
    case 3:
      return party.say(place, framed(input.bytes(input.u16())));
    case 4:
      return party.say(place, input.bytes(input.u16()));
    case 5:
      return party.send(place, datagram_of(a_frame(input)));
    case 6:
      return party.send(place, input.bytes(input.u16()));
    case 7: {
      const PeerId target{input.u16()};
      return party.send(place, proto::encode_echo(kRelayPeer, {target, 1, input.u8() % 2 != 0}));
    }
    case 8:
      return party.change_budget(place, input.u16());
    case 9:
      return party.stop_reading(place);
    default:
      return party.wait(std::chrono::milliseconds(input.u16()));
  }
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  softlan::fuzz::Input input(data, size);
  softlan::fuzz::Party party;
  while (!input.empty()) softlan::fuzz::act(party, input);
  return 0;
}
