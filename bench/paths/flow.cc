#include "paths/flow.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace softlan::bench {

namespace {

constexpr std::size_t kIpAt = 14, kUdpAt = 34, kNoteAt = 42;
constexpr std::uint16_t kFirstPort = 20000;
constexpr std::uint64_t kReordering = 3;  // segments, RFC 6675

void store_be16(std::uint8_t* at, std::size_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

FrameRef make_frame(FramePool& pool, std::uint8_t flow, const Note& note, std::size_t size) {
  FrameRef frame = pool.acquire(size);
  if (!frame) return frame;
  const MutableBytes bytes = frame.mutable_bytes();
  std::ranges::fill(bytes, std::uint8_t{0});
  bytes[0] = bytes[6] = 2;
  bytes[5] = 1;
  bytes[11] = 2;
  store_be16(&bytes[12], 0x0800);
  bytes[kIpAt] = 0x45;
  store_be16(&bytes[kIpAt + 2], size - kIpAt);
  bytes[kIpAt + 6] = 0x40;
  bytes[kIpAt + 8] = 64;
  bytes[kIpAt + 9] = 17;
  bytes[kIpAt + 12] = bytes[kIpAt + 16] = 10;
  bytes[kIpAt + 15] = 1;
  bytes[kIpAt + 19] = 2;
  store_be16(&bytes[kUdpAt], kFirstPort + flow);
  store_be16(&bytes[kUdpAt + 2], kFirstPort + flow);
  store_be16(&bytes[kUdpAt + 4], size - kUdpAt);
  std::memcpy(&bytes[kNoteAt], &note, sizeof(note));
  return frame;
}

std::uint8_t flow_of(Bytes frame) {
  return static_cast<std::uint8_t>((frame[kUdpAt] << 8 | frame[kUdpAt + 1]) - kFirstPort);
}

Note note_of(Bytes frame) {
  Note note;
  std::memcpy(&note, &frame[kNoteAt], sizeof(note));
  return note;
}

Note SteadyFlow::send(TimePoint now) {
  next_ += gap_;
  return {.number = sent_++, .sent = now};
}

double SteadyFlow::lost_percent() const {
  return sent_ == 0 ? 0 : 100 * static_cast<double>(sent_ - delays_.size()) / static_cast<double>(sent_);
}

double SteadyFlow::delay_ms(int percentile) const {
  if (delays_.empty()) return 0;
  std::vector<Duration> ordered = delays_;
  std::ranges::sort(ordered);
  const std::size_t place = std::min(ordered.size() * static_cast<std::size_t>(percentile) / 100, ordered.size() - 1);
  return seconds(ordered[place]) * 1000;
}

Note Copy::send(TimePoint now) {
  std::uint64_t number = next_number_;
  if (to_repeat_.empty()) {
    ++next_number_;
  } else {
    number = *to_repeat_.begin();
    to_repeat_.erase(to_repeat_.begin());
  }
  if (outstanding_.empty()) idle_since_ = now;
  outstanding_[number] = now;
  return {.number = number, .sent = now};
}

void Copy::acknowledged(TimePoint now, const Note& note) {
  const Duration sample = now - note.sent;
  round_trip_ += (sample - round_trip_) / 8;
  timeout_ = std::max<Duration>(std::chrono::milliseconds(200), round_trip_ * 2);
  idle_since_ = now;
  outstanding_.erase(note.number);
  outstanding_.erase(outstanding_.begin(), outstanding_.lower_bound(note.received));
  to_repeat_.erase(to_repeat_.begin(), to_repeat_.lower_bound(note.received));
  lose(now, note.number);
  grow(now);
}

// What was sent well before a segment that has arrived, and has not, is lost.
void Copy::lose(TimePoint now, std::uint64_t before) {
  const TimePoint sent_before = now - round_trip_;
  while (!outstanding_.empty()) {
    const auto& [number, sent] = *outstanding_.begin();
    if (number + kReordering > before || sent > sent_before) return;
    if (sent >= recovery_) shrink(now, 0.7);
    to_repeat_.insert(number);
    outstanding_.erase(outstanding_.begin());
  }
}

void Copy::shrink(TimePoint now, double factor) {
  most_ = window_;
  window_ = threshold_ = std::max(2.0, window_ * factor);
  epoch_ = recovery_ = now;
}

void Copy::grow(TimePoint now) {
  if (window_ < threshold_) {
    window_ += 1;
    return;
  }
  const double plateau = std::cbrt(most_ * 0.3 / 0.4);
  const double cubic = 0.4 * std::pow(seconds(now - epoch_) + seconds(round_trip_) - plateau, 3) + most_;
  const double reno = most_ * 0.7 + 0.53 * seconds(now - epoch_) / seconds(round_trip_);
  const double target = std::clamp(std::max(cubic, reno), window_, window_ * 1.5);
  window_ += (target - window_) / window_;
}

void Copy::on_deadline(TimePoint now) {
  for (const auto& [number, sent] : outstanding_) to_repeat_.insert(number);
  outstanding_.clear();
  shrink(now, 0.5);
  window_ = 2;
  idle_since_ = now;
}

Note Copy::arrived(const Note& note) {
  if (note.number >= expected_ && out_of_order_.insert(note.number).second) ++delivered_;
  while (!out_of_order_.empty() && *out_of_order_.begin() == expected_) {
    out_of_order_.erase(out_of_order_.begin());
    ++expected_;
  }
  return {.number = note.number, .sent = note.sent, .received = expected_};
}

}  // namespace softlan::bench
