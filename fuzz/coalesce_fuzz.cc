// A batch of frames made into super-frames: cut again by their own virtio-net headers they are the same frames, each
// once, unchanged, and those of a flow in the same order.
//
// Input: one step after the other, each a byte for what comes next and what it needs.
//   0 to 3   that flow's next segment: flags (1), size (2)
//   4        what is to change in the last frame: place (2), new byte (1); its checksums become wrong
//   5        the same, with its checksums made right again where it has any
//   6        a frame as it is: size (1), bytes
//   7        the first flow falls back by so many bytes (1)

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "fuzz/target.h"
#include "proto/ethernet.h"
#include "proto/flow_key.h"
#include "proto/test_bundles.h"

namespace softlan::fuzz {
namespace {

using proto::test::Frame;

constexpr std::size_t kMostFrames = 64;
const proto::Mac kTo = proto::test::test_mac(1);
const proto::Mac kFrom = proto::test::test_mac(2);

// Of TCP over IPv4 or IPv6, behind a tag or not: as far as a plain reader finds its way.
Frame with_checksums(Frame frame) {
  const auto view = proto::parse_frame(frame);
  if (!view || view->payload.empty()) return frame;
  const auto transport = proto::parse_transport(*view);
  if (!transport || !transport->carries(proto::test::kProtocolTcp) || transport->header.size() < 20) return frame;
  const std::size_t network = frame.size() - view->payload.size();
  if (view->ethertype == proto::ethertype::ipv4) {
    const std::size_t size = (frame[network] & 0x0fU) * 4;
    store_be16(&frame[network + 10], 0);
    const std::uint32_t sum = proto::test::plain_sum(Bytes(frame).subspan(network, size));
    store_be16(&frame[network + 10], static_cast<std::uint16_t>(~sum));
  }
  const auto at = static_cast<std::size_t>(transport->header.data() - frame.data());
  store_be16(&frame[at + 16], 0);
  const std::uint32_t pseudo = proto::test::pseudo_sum(transport->source, transport->destination,
                                                       proto::test::kProtocolTcp, transport->header.size());
  store_be16(&frame[at + 16], static_cast<std::uint16_t>(~proto::test::plain_sum(transport->header, pseudo)));
  return frame;
}

class Party {
 public:
  Party() {
    for (std::size_t i = 0; i < flows_.size(); ++i) flows_[i].source_port = static_cast<std::uint16_t>(i);
  }
  std::vector<Frame> read(Input& input) {
    while (!input.empty() && frames_.size() < kMostFrames) step(input);
    std::erase_if(frames_, [](const Frame& frame) { return frame.size() > kMaxFrameSize; });
    return frames_;
  }

 private:
  void step(Input& input) {
    const std::uint8_t what = input.u8() % 8;
    if (what < flows_.size()) return send(what, input);
    if (what == 4 || what == 5) return change(what == 5, input);
    if (what == 6) return add(input.short_string());
    flows_[0].sequence -= input.u8();
  }
  void send(std::size_t number, Input& input) {
    proto::test::Tcp& flow = flows_[number];
    flow.flags = input.u8();
    flow.payload = proto::test::pattern(input.u16() % 1460U);
    add(number % 2 == 0 ? proto::test::ipv4_tcp(kTo, kFrom, flow) : proto::test::ipv6_tcp(kTo, kFrom, flow));
    if (number >= 2) frames_.back() = proto::test::vlan(frames_.back(), 7);
    flow.sequence += static_cast<std::uint32_t>(flow.payload.size());
    ++flow.id;
  }
  void change(bool repair, Input& input) {
    const std::uint16_t place = input.u16();
    const std::uint8_t value = input.u8();
    if (frames_.empty() || frames_.back().empty()) return;
    Frame& frame = frames_.back();
    frame[place % frame.size()] = value;
    if (repair) frame = with_checksums(frame);
  }
  void add(Bytes frame) { frames_.emplace_back(frame.begin(), frame.end()); }

  std::array<proto::test::Tcp, 4> flows_;
  std::vector<Frame> frames_;
};

std::map<std::uint64_t, std::vector<Frame>> by_flow(const std::vector<Frame>& frames) {
  std::map<std::uint64_t, std::vector<Frame>> flows;
  for (const Frame& frame : frames) flows[proto::flow_key(frame, 1)].push_back(frame);
  return flows;
}

void check_batch(const std::vector<Frame>& sent) {
  FramePool pool(kMostFrames);
  std::vector<FrameRef> frames;
  for (const Frame& frame : sent) frames.push_back(pool.copy(frame));
  proto::Coalescer coalescer;
  std::vector<Frame> received;
  for (const proto::Bundle& bundle : coalescer.bundle(frames)) {
    SOFTLAN_CHECK(proto::test::written(bundle).second.size() <= 65'535);
    const std::vector<Frame> cut = proto::test::cut_again(bundle);
    SOFTLAN_CHECK(cut == proto::test::frames_of(bundle));
    received.insert(received.end(), cut.begin(), cut.end());
  }
  SOFTLAN_CHECK(received.size() == sent.size() && by_flow(received) == by_flow(sent));
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  softlan::fuzz::Input input(data, size);
  softlan::fuzz::check_batch(softlan::fuzz::Party().read(input));
  return 0;
}
