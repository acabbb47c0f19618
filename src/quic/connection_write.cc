// Connection, the way out: filling packets from the control stream and the leg.
#include <algorithm>
#include <array>
#include <utility>

#include "quic/connection.h"
#include "quic/socket_address.h"
#include "quic/timestamp.h"

namespace softlan::quic {

namespace {

// A packet's fate is known after a PTO (RFC 9002, section 6.2) if the machines are not busy.
constexpr Duration kBusyAllowance = std::chrono::milliseconds(20);
constexpr Duration kShortestPatience = std::chrono::milliseconds(100);

// A window is spread over less than the round trip, so that pacing alone never leaves the path idle.
constexpr double kPace = 1.25;

constexpr std::array<std::uint8_t, 1472> kPadding{};

// IP and UDP headers: what a packet takes on a line beside its payload.
constexpr std::size_t kHeadersOverIpv4 = 20 + 8;
constexpr std::size_t kHeadersOverIpv6 = 40 + 8;

// An acknowledgement of its own wakes up everybody on the way once more. So it waits for frames to travel with where
// the last ones are no longer ago than this, and for so many packets at most: little more than half of what may be in
// flight on the shortest paths.
constexpr Duration kOften = std::chrono::milliseconds(1);
constexpr std::uint32_t kMostUnanswered = kMaxRunPackets;

// Below this much room in a packet it is not worth asking whether another datagram fits.
constexpr std::size_t kWorthCoalescing = 64;

// Packets that are alike cross the system's border as one message (base/packet_batch.h), at a tenth of what one alone
// costs. Sealing and opening so much filler costs less than that saves.
constexpr std::size_t kMostFiller = 160;

// A DATAGRAM frame beside its data: type and length (RFC 9221, section 4; RFC 9000, section 16).
constexpr std::size_t datagram_header(std::size_t size) { return size < 64 ? 2 : 3; }

}  // namespace

bool Connection::write(TimePoint now, SendBatch& batch) {
  if (state_ == State::dead) return true;
  now_ = now;
  shaper_.set_rate(frame_rate());
  const std::uint64_t sent_before = bytes_sent_;
  run_size_ = 0;
  run_overhead_ = SIZE_MAX;
  run_patience_ = Duration::zero();
  bool complete = !control_out_.all_sent() || write_probes(now, batch);
  while (complete && !close_is_due(now)) {
    const MutableBytes room = batch.reserve(path_size_.limit());
    if (room.empty()) {
      complete = false;
      break;
    }
    const ngtcp2_ssize size = write_packet(now, room);
    if (size < 0) {
      on_read_error(static_cast<int>(size));
      break;
    }
    if (size == 0) break;
    commit(now, batch, static_cast<std::size_t>(size));
  }
  if (complete) complete = write_probes(now, batch);
  if (bytes_sent_ != sent_before) ceiling_.on_sent(congestion().bytes_in_flight);
  if (complete && close_is_due(now)) return write_close(now, batch);
  return complete;
}

void Connection::commit(TimePoint now, SendBatch& batch, std::size_t size, bool alone) {
  const NetworkPath path = to_network_path(write_path_.path);
  batch.commit(size, path, write_info_.ecn, alone);
  unanswered_ = 0;
  bytes_sent_ += size;
  shaper_.on_sent(now, size + (path.remote.ip.family == IpAddress::Family::v6 ? kHeadersOverIpv6 : kHeadersOverIpv4));
  const std::size_t content = std::exchange(packet_content_, 0);
  if (!std::exchange(packet_has_datagram_, false)) return;
  last_datagram_ = now;
  if (!alone) run_size_ = std::max(run_size_, size);
  run_overhead_ = std::min(run_overhead_, size - content);
  if (run_patience_ == Duration::zero()) {
    const Duration pto(static_cast<std::int64_t>(ngtcp2_conn_get_pto(connection_)));
    run_patience_ = std::max(pto + kBusyAllowance, kShortestPatience);
  }
  path_size_.on_sent(now, size, run_patience_);
}

// Bits a second: the window in a round trip, at most the limit. Round trips of a process that was stopped meanwhile are
// no measure of the path.
std::uint64_t Connection::frame_rate() const {
  const std::uint64_t limit = host_.config().uplink_limit;
  const ngtcp2_conn_info info = congestion();
  if (info.min_rtt == UINT64_MAX) return limit;
  const auto round_trip = static_cast<double>(std::min(info.smoothed_rtt, 2 * info.min_rtt));
  const auto pace =
      static_cast<std::uint64_t>(kPace * 8e9 * static_cast<double>(info.cwnd) / std::max(round_trip, 1.0));
  return limit == 0 ? pace : std::min(limit, pace);
}

egress::Turn Connection::turn() const {
  const bool below = congestion().bytes_in_flight < ceiling_.bytes();
  return below ? egress::Turn::every_flow : egress::Turn::new_flows;
}

// A probe goes out when window and shaper have room for a packet of frames beside it: none waits for a probe.
bool Connection::write_probes(TimePoint now, SendBatch& batch) {
  while (may_send_frames(now) && path_size_.probe() != 0 &&
         ngtcp2_conn_get_cwnd_left(connection_) >= path_size_.probe() + path_size_.limit()) {
    const MutableBytes room = batch.reserve(path_size_.probe());
    if (room.empty()) return false;
    bool accepted = false;
    const ngtcp2_ssize size = write_probe(now, room, accepted);
    if (size < 0) on_read_error(static_cast<int>(size));
    if (size <= 0) break;
    // Alone: in a run with others a virtual card may carry it over a link that it is too long for.
    commit(now, batch, static_cast<std::size_t>(size), true);
    if (accepted) path_size_.probe_taken();
  }
  return true;
}

// Fills the packet to its last byte. The length of the packet number is ngtcp2's choice, so the longest filler that it
// takes is found by trying; a packet without it may come out when there was something to acknowledge.
ngtcp2_ssize Connection::write_probe(TimePoint now, MutableBytes room, bool& accepted) {
  const std::size_t shortest = room.size() - (path_size_.limit() - budget_);
  const auto header = proto::encode_header({.kind = proto::OverlayKind::filler, .flags = 0, .sender = kRelayPeer});
  for (std::size_t longer = 4; longer-- > 0;) {
    const std::array<ngtcp2_vec, 2> vectors{
        ngtcp2_vec{const_cast<std::uint8_t*>(header.data()), header.size()},
        ngtcp2_vec{const_cast<std::uint8_t*>(kPadding.data()), shortest + longer - header.size()}};
    int taken = 0;
    const ngtcp2_ssize size = ngtcp2_conn_writev_datagram(
        connection_, &write_path_.path, &write_info_, room.data(), room.size(), &taken, NGTCP2_WRITE_DATAGRAM_FLAG_NONE,
        path_size_.next_tag(), vectors.data(), vectors.size(), to_ts(now));
    accepted = packet_has_datagram_ = taken != 0;
    if (size != 0) return size;
  }
  return 0;
}

bool Connection::answers_later(TimePoint now) const {
  return state_ == State::up && unanswered_ >= 2 && unanswered_ < kMostUnanswered && now < answer_deadline() &&
         now - last_datagram_ < kOften;
}

ngtcp2_ssize Connection::write_packet(TimePoint now, MutableBytes room) {
  for (bool begun = false;; begun = true) {
    ngtcp2_ssize size = 0;
    if (!control_out_.all_sent() && !control_blocked_ && control_stream_ >= 0) {
      size = write_control(now, room);
    } else if (const link::Leg::Outgoing* outgoing = may_send_frames(now) ? leg_.next(now, budget_, turn()) : nullptr) {
      const bool fits =
          packet_content_ + datagram_header(outgoing->size()) + outgoing->size() + run_overhead_ <= room.size();
      size = fits || filler_size() == 0 ? write_datagram(now, room, *outgoing) : write_filler(now, room);
    } else if (!begun && answers_later(now)) {
      return 0;
    } else {
      return ngtcp2_conn_writev_stream(connection_, &write_path_.path, &write_info_, room.data(), room.size(), nullptr,
                                       NGTCP2_WRITE_STREAM_FLAG_NONE, -1, nullptr, 0, to_ts(now));
    }
    if (size != NGTCP2_ERR_WRITE_MORE) return size;
  }
}

ngtcp2_ssize Connection::write_control(TimePoint now, MutableBytes room) {
  const Bytes unsent = control_out_.unsent();
  const ngtcp2_vec vector{const_cast<std::uint8_t*>(unsent.data()), unsent.size()};
  ngtcp2_ssize taken = -1;
  ngtcp2_ssize size =
      ngtcp2_conn_writev_stream(connection_, &write_path_.path, &write_info_, room.data(), room.size(), &taken,
                                NGTCP2_WRITE_STREAM_FLAG_MORE, control_stream_, &vector, 1, to_ts(now));
  if (taken > 0) control_out_.sent(static_cast<std::size_t>(taken));
  if (size == NGTCP2_ERR_STREAM_DATA_BLOCKED || size == NGTCP2_ERR_STREAM_SHUT_WR ||
      size == NGTCP2_ERR_STREAM_NOT_FOUND) {
    control_blocked_ = true;
    size = NGTCP2_ERR_WRITE_MORE;
  }
  return size;
}

ngtcp2_ssize Connection::write_datagram(TimePoint now, MutableBytes room, const link::Leg::Outgoing& outgoing) {
  const std::array<ngtcp2_vec, 2> vectors{
      ngtcp2_vec{const_cast<std::uint8_t*>(outgoing.header_bytes.data()), outgoing.header_size},
      ngtcp2_vec{const_cast<std::uint8_t*>(outgoing.body.data()), outgoing.body.size()}};
  const std::size_t before = packet_content_;
  packet_content_ += datagram_header(outgoing.size()) + outgoing.size();
  const bool leaves_room = outgoing.size() + kWorthCoalescing <= budget_ || filler_size() != 0;
  const std::size_t parts = outgoing.body.empty() ? 1 : 2;  // the library takes no empty part
  int accepted = 0;
  const ngtcp2_ssize size =
      ngtcp2_conn_writev_datagram(connection_, &write_path_.path, &write_info_, room.data(), room.size(), &accepted,
                                  leaves_room ? NGTCP2_WRITE_DATAGRAM_FLAG_MORE : NGTCP2_WRITE_DATAGRAM_FLAG_NONE,
                                  path_size_.next_tag(), vectors.data(), parts, to_ts(now));
  if (accepted) {
    leg_.sent();
    packet_has_datagram_ = true;
  } else {
    packet_content_ = before;
  }
  return size;
}

std::size_t Connection::filler_size() const {
  if (run_size_ == 0 || packet_content_ == 0) return 0;
  const std::size_t filled = packet_content_ + run_overhead_;
  const std::size_t shortest = datagram_header(0) + proto::kOverlayHeaderSize;
  if (filled + shortest > run_size_ || filled + kMostFiller < run_size_) return 0;
  const std::size_t missing = run_size_ - filled;
  return missing - datagram_header(missing - datagram_header(0));
}

ngtcp2_ssize Connection::write_filler(TimePoint now, MutableBytes room) {
  const auto header = proto::encode_header({.kind = proto::OverlayKind::filler, .flags = 0, .sender = kRelayPeer});
  const std::size_t size = filler_size();
  const std::array<ngtcp2_vec, 2> vectors{ngtcp2_vec{const_cast<std::uint8_t*>(header.data()), header.size()},
                                          ngtcp2_vec{const_cast<std::uint8_t*>(kPadding.data()), size - header.size()}};
  int taken = 0;
  const ngtcp2_ssize written = ngtcp2_conn_writev_datagram(
      connection_, &write_path_.path, &write_info_, room.data(), room.size(), &taken, NGTCP2_WRITE_DATAGRAM_FLAG_NONE,
      path_size_.next_tag(), vectors.data(), size > header.size() ? 2 : 1, to_ts(now));
  if (taken) packet_content_ += datagram_header(size) + size;
  return written;
}

}  // namespace softlan::quic
