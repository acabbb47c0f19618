#include "fuzz/seeds.h"
#include "proto/overlay.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

using proto::OverlayKind;
using proto::test::append;
using proto::test::append_be16;
using proto::test::Frame;
using proto::test::pattern;

// An input of overlay_fuzz.cc, step by step.
class Story {
 public:
  explicit Story(std::uint8_t pool_frames = 40, std::uint16_t next_budget = 1000) {
    bytes_.push_back(pool_frames);
    append_be16(bytes_, next_budget);
  }
  Story& wait(std::uint8_t milliseconds) {
    wait_ = milliseconds;
    return *this;
  }
  Story& datagram(Bytes datagram) {
    bytes_.push_back(std::exchange(wait_, 0));
    append_be16(bytes_, datagram.size());
    append(bytes_, datagram);
    return *this;
  }
  Story& of_kind(OverlayKind kind, Bytes body) {
    const auto header = proto::encode_header({kind, 0, PeerId{3}});
    Frame bytes(header.begin(), header.end());
    append(bytes, body);
    return datagram(bytes);
  }
  // `size` bytes at `offset` of the frame `id` of `total` bytes.
  Story& part(std::uint16_t id, std::uint16_t offset, std::size_t size, std::uint16_t total) {
    const auto header = proto::encode_fragment(PeerId{3}, {id, offset, total});
    Frame bytes(header.begin(), header.end());
    append(bytes, pattern(size));
    return datagram(bytes);
  }
  operator Frame() const { return bytes_; }  // NOLINT: a story is its bytes

 private:
  Frame bytes_;
  std::uint8_t wait_ = 0;
};

Frame more_frames_than_fit(std::uint16_t frames) {
  Story story;
  for (std::uint16_t id = 0; id < frames; ++id) story.part(id, 0, 8, 64);
  return story.part(0, 8, 56, 64);
}

Frame one_part_too_many() {
  Story story;
  for (std::uint16_t i = 0; i < 9; ++i) story.part(1, static_cast<std::uint16_t>(i * 10), 10, 100);
  return story;
}

}  // namespace

Seeds overlay_seeds() {
  const auto echo = proto::encode_echo(PeerId{3}, {PeerId{1}, 0x0102030405060708, false});
  const auto answer = proto::encode_echo(PeerId{3}, {PeerId{1}, 0x0102030405060708, true});
  return {
      {"frame", Story().of_kind(OverlayKind::frame, proto::test::ipv4_udp(proto::test::kBroadcastMac, {}))},
      {"frame_too_short", Story().of_kind(OverlayKind::frame, pattern(13))},
      {"frame_of_1522_bytes", Story().of_kind(OverlayKind::frame, pattern(1522))},
      {"frame_of_1523_bytes", Story().of_kind(OverlayKind::frame, pattern(1523))},
      {"frame_without_a_buffer", Story(0).of_kind(OverlayKind::frame, pattern(60))},
      {"filler", Story().of_kind(OverlayKind::filler, pattern(20))},
      {"echo_and_answer", Story().datagram(echo).datagram(answer)},
      {"unknown_kind", Story().of_kind(OverlayKind{9}, pattern(20))},
      {"unknown_version", Story().datagram(Frame{0x20, 0, 0, 3, 1, 2})},
      {"empty_datagram", Story().datagram({})},
      {"two_fragments", Story().part(1, 0, 700, 1400).part(1, 700, 700, 1400)},
      {"fragments_in_reverse", Story().part(1, 20, 10, 30).part(1, 10, 10, 30).part(1, 0, 10, 30)},
      {"fragments_of_two_frames", Story().part(1, 0, 8, 16).part(2, 0, 8, 16).part(1, 8, 8, 16).part(2, 8, 8, 16)},
      {"fragment_twice", Story().part(1, 0, 10, 30).part(1, 0, 10, 30).part(1, 10, 20, 30)},
      {"fragments_overlap", Story().part(1, 0, 10, 30).part(1, 5, 10, 30).part(1, 10, 20, 30)},
      {"fragments_disagree_about_the_total", Story().part(1, 0, 10, 30).part(1, 10, 10, 40)},
      {"fragment_beyond_its_frame", Story().part(1, 25, 10, 30)},
      {"fragment_late", Story().part(1, 0, 10, 30).wait(250).part(1, 10, 20, 30)},
      {"fragment_just_in_time", Story().part(1, 0, 10, 30).wait(199).part(1, 10, 20, 30)},
      {"fragment_without_a_buffer", Story(1).part(1, 0, 10, 30).part(2, 0, 10, 30)},
      {"fragments_one_too_many", one_part_too_many()},
      {"fragments_of_33_frames", more_frames_than_fit(33)},
  };
}

}  // namespace softlan::fuzz
