#include "link/leg.h"

#include <algorithm>
#include <utility>

namespace softlan::link {

namespace {

template <std::size_t N>
void set_header(Leg::Outgoing& outgoing, const std::array<std::uint8_t, N>& header) {
  static_assert(N <= proto::kEchoSize);
  std::copy(header.begin(), header.end(), outgoing.header_bytes.begin());
  outgoing.header_size = N;
}

}  // namespace

void Leg::push_echo(PeerId sender, const proto::Echo& echo) {
  if (echoes_.size() < kMaxEchoes) echoes_.push_back({sender, echo});
}

const Leg::Outgoing* Leg::next(TimePoint now, std::size_t budget, egress::Turn turn) {
  outgoing_is_echo_ = !echoes_.empty();
  if (outgoing_is_echo_) {
    set_header(outgoing_, proto::encode_echo(echoes_.front().sender, echoes_.front().echo));
    outgoing_.body = {};
    return &outgoing_;
  }
  const egress::SendQueue::Entry* entry = queue_.front(now, turn);
  if (!entry) return nullptr;
  if (entry->sent == 0 && proto::kOverlayHeaderSize + entry->frame.size() <= budget) {
    set_header(outgoing_, proto::encode_header({proto::OverlayKind::frame, 0, entry->sender}));
    outgoing_.body = entry->frame.bytes();
    return &outgoing_;
  }
  prepare_part(*entry, budget);
  return outgoing_.body.empty() ? nullptr : &outgoing_;
}

void Leg::prepare_part(const egress::SendQueue::Entry& entry, std::size_t budget) {
  const Bytes rest = entry.frame.bytes().subspan(entry.sent);
  const proto::FragmentHeader header{
      .frame_id = next_frame_id_, .offset = entry.sent, .total = static_cast<std::uint16_t>(entry.frame.size())};
  set_header(outgoing_, proto::encode_fragment(entry.sender, header));
  outgoing_.body = rest.first(proto::next_part_size(rest.size(), budget));
}

void Leg::sent() {
  ++counters_.out.datagrams;
  if (outgoing_is_echo_) {
    echoes_.pop_front();
    return;
  }
  const std::size_t size = queue_.current().frame.size();
  if (!queue_.sent(outgoing_.body.size())) return;
  if (outgoing_.header_size == proto::kFragmentHeaderSize) ++next_frame_id_;
  ++counters_.out.frames;
  counters_.out.bytes += size;
}

Leg::Incoming Leg::on_datagram(TimePoint now, Bytes bytes) {
  const proto::OverlayParse parse = proto::parse_overlay(bytes);
  const proto::OverlayDatagram& datagram = parse.datagram;
  const bool readable = parse.fault == proto::OverlayFault::none;
  // Made below the leg that sends it, so it is not one of the leg's datagrams here either.
  if (readable && datagram.header.kind == proto::OverlayKind::filler) return dropped(obs::DropReason::filler);
  ++counters_.in.datagrams;
  if (!readable) return dropped(obs::DropReason::malformed_datagram);
  switch (datagram.header.kind) {
    case proto::OverlayKind::frame: {
      FrameRef frame = pool_.copy(datagram.body);
      if (!frame) return dropped(obs::DropReason::no_buffer);
      return delivered(datagram.header.sender, std::move(frame));
    }
    case proto::OverlayKind::fragment:
      return on_fragment(now, datagram);
    case proto::OverlayKind::echo: {
      Incoming incoming;
      incoming.ready = true;
      incoming.received.sender = datagram.header.sender;
      incoming.received.is_echo = true;
      incoming.received.echo = datagram.echo;
      return incoming;
    }
    case proto::OverlayKind::filler:
      break;
  }
  return dropped(obs::DropReason::filler);
}

Leg::Incoming Leg::on_fragment(TimePoint now, const proto::OverlayDatagram& datagram) {
  proto::Reassembler::Result result = reassembler_.add(now, datagram.header.sender, datagram.fragment, datagram.body);
  switch (result.outcome) {
    case proto::FragmentOutcome::waiting:
      return {};
    case proto::FragmentOutcome::complete:
      return delivered(result.sender, std::move(result.frame));
    case proto::FragmentOutcome::duplicate:
      return dropped(obs::DropReason::duplicate_fragment);
    case proto::FragmentOutcome::no_buffer:
      return dropped(obs::DropReason::no_buffer);
    case proto::FragmentOutcome::malformed:
      break;
  }
  return dropped(obs::DropReason::malformed_fragment);
}

Leg::Incoming Leg::dropped(obs::DropReason reason) {
  counters_.in.drop(reason);
  Incoming incoming;
  incoming.drop = reason;
  return incoming;
}

Leg::Incoming Leg::delivered(PeerId sender, FrameRef frame) {
  ++counters_.in.frames;
  counters_.in.bytes += frame.size();
  Incoming incoming;
  incoming.ready = true;
  incoming.received.sender = sender;
  incoming.received.frame = std::move(frame);
  return incoming;
}

void Leg::on_deadline(TimePoint now) {
  counters_.in.drop(obs::DropReason::reassembly_timeout, reassembler_.expire(now));
}

}  // namespace softlan::link
