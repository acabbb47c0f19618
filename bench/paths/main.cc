// What congestion control makes of long, lossy and narrow paths: two endpoints with the real QUIC and queues, a path
// and players between them in virtual time. Prints a table (bench/README.md, "Paths").
#include <fmt/format.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "paths/flow.h"
#include "paths/line.h"
#include "quic/endpoint.h"

namespace softlan::bench {
namespace {

constexpr Duration kWarmUp = std::chrono::seconds(3), kTime = std::chrono::seconds(30);
constexpr std::size_t kGameFrame = 162, kStreamFrame = 1242, kSegment = 1414, kAcknowledgement = 70;
constexpr double kGame = 64, kStream = 625;  // frames a second: a game; 6 Mbit/s
enum FlowNumber : std::uint8_t { game, stream, first_copy };

struct PathCase {
  std::string name;
  LineConfig there, back;
  int copies = 0;
};

// One end of the tunnel; the frames that arrive are left for the world.
class End final : public link::LinkOwner {
 public:
  End(const quic::TlsContext& tls, const quic::EndpointConfig& config, FramePool& pool, Random& random, Line& out)
      : endpoint(config, tls, pool, random, *this, out) {}

  void on_link_up(TimePoint, link::Link& up) override { link = &up; }
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd& end) override {
    fmt::print("the link ended: {}\n", end.reason);
    link = nullptr;
  }
  void on_control(TimePoint, link::Link&, Bytes) override {}
  void on_received(TimePoint, std::span<link::Received> received) override {
    for (link::Received& one : received) arrived.push_back(std::move(one.frame));
  }
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}

  quic::Endpoint endpoint;
  link::Link* link = nullptr;
  std::vector<FrameRef> arrived;
};

SocketAddress address(std::uint8_t last) {
  SocketAddress made;
  made.ip.family = IpAddress::Family::v4;
  made.ip.bytes = {10, 0, 0, last};
  made.port = 443;
  return made;
}

class World {
 public:
  World(const PathCase& path, const quic::EndpointConfig& config, std::uint64_t seed)
      : random_(seed), there_(path.there, now_, random_), back_(path.back, now_, random_) {
    const std::string names[] = {"relay"};
    const auto certificate = *quic::generate_relay_certificate(names, 1780000000);
    relay_tls_ = *quic::TlsContext::for_relay(certificate);
    member_tls_ = *quic::TlsContext::for_member(*quic::generate_identity(),
                                                {.ca = *quic::certificate_to_der(certificate.certificate_pem)});
    relay_ = std::make_unique<End>(*relay_tls_, config, pool_, random_, back_);
    member_ = std::make_unique<End>(*member_tls_, config, pool_, random_, there_);
    copies_ = static_cast<std::size_t>(path.copies);
  }

  bool connect() {
    member_->endpoint.dial(now_, {address(2), address(1)}, "relay", 0);
    member_->endpoint.flush(now_);
    const TimePoint until = now_ + std::chrono::seconds(10);
    while (now_ < until && (member_->link == nullptr || relay_->link == nullptr)) turn(until);
    return member_->link != nullptr && relay_->link != nullptr;
  }

  // Everything plays for kTime after the copies had kWarmUp.
  void play() {
    const TimePoint begin = now_;
    for (std::size_t i = 0; i < copies_; ++i) copy_.emplace_back(begin);
    const TimePoint warm = begin + kWarmUp, end = warm + kTime;
    while (now_ < warm) turn(warm);
    const std::uint64_t before = delivered();
    game_ = std::make_unique<SteadyFlow>(now_, kGame);
    if (copies_ == 0) stream_ = std::make_unique<SteadyFlow>(now_, kStream);
    sending_until_ = end;
    while (now_ < end) turn(end);
    segments_ = delivered() - before;
    const TimePoint late = end + std::chrono::seconds(1);
    while (now_ < late) turn(late);
  }

  [[nodiscard]] std::string report() const {
    const double megabits = static_cast<double>(segments_ * kSegment * 8) / 1e6 / 30;
    return fmt::format("{:>7.2f}{:>8.1f}{:>8.1f}{:>8.1f}{:>9}{:>8}", game_->lost_percent(), game_->delay_ms(50),
                       game_->delay_ms(99), game_->delay_ms(100),
                       stream_ ? fmt::format("{:.2f}", stream_->lost_percent()) : "",
                       copies_ ? fmt::format("{:.1f}", megabits) : "");
  }

 private:
  [[nodiscard]] std::uint64_t delivered() const {
    std::uint64_t sum = 0;
    for (const Copy& copy : copy_) sum += copy.delivered();
    return sum;
  }

  // To the next thing that happens, at most `until`.
  void turn(TimePoint until) {
    TimePoint next = std::min({until, there_.next_arrival(), back_.next_arrival(), relay_->endpoint.next_deadline(),
                               member_->endpoint.next_deadline()});
    if (now_ < sending_until_) {
      if (game_) next = std::min(next, game_->next());
      if (stream_) next = std::min(next, stream_->next());
    }
    for (const Copy& copy : copy_) next = std::min(next, copy.deadline());
    now_ = std::max(now_, next);
    carry(there_, *relay_);
    carry(back_, *member_);
    for (End* end : {relay_.get(), member_.get()}) {
      if (end->endpoint.next_deadline() <= now_) end->endpoint.on_deadline(now_);
    }
    hear();
    speak();
    relay_->endpoint.flush(now_);
    member_->endpoint.flush(now_);
  }

  void carry(Line& line, End& to) {
    while (line.next_arrival() <= now_) {
      const Line::Packet sent = line.take();
      const ReceivedPacket packet{sent.data, {sent.path.remote, sent.path.local}, 0};
      to.endpoint.on_packets(now_, {&packet, 1});
    }
  }

  void hear() {
    for (const FrameRef& frame : relay_->arrived) {
      const Note note = note_of(frame.bytes());
      const std::uint8_t flow = flow_of(frame.bytes());
      if (flow == game) {
        game_->arrived(now_, note);
      } else if (flow == stream) {
        stream_->arrived(now_, note);
      } else {
        send(*relay_, flow, copy_[static_cast<std::size_t>(flow - first_copy)].arrived(note), kAcknowledgement);
      }
    }
    relay_->arrived.clear();
    for (const FrameRef& frame : member_->arrived) {
      copy_[static_cast<std::size_t>(flow_of(frame.bytes()) - first_copy)].acknowledged(now_, note_of(frame.bytes()));
    }
    member_->arrived.clear();
  }

  void speak() {
    if (now_ < sending_until_) {
      if (game_ && game_->next() <= now_) send(*member_, game, game_->send(now_), kGameFrame);
      if (stream_ && stream_->next() <= now_) send(*member_, stream, stream_->send(now_), kStreamFrame);
    }
    for (std::size_t i = 0; i < copy_.size(); ++i) {
      if (copy_[i].deadline() <= now_) copy_[i].on_deadline(now_);
      while (copy_[i].may_send())
        send(*member_, static_cast<std::uint8_t>(first_copy + i), copy_[i].send(now_), kSegment);
    }
  }

  void send(End& from, std::uint8_t flow, const Note& note, std::size_t size) {
    if (FrameRef frame = make_frame(pool_, flow, note, size); frame && from.link != nullptr) {
      from.link->send_frame(now_, PeerId{1}, std::move(frame));
    }
  }

  TimePoint now_{std::chrono::seconds(1)};
  SeededRandom random_;
  FramePool pool_{100'000};
  Line there_, back_;
  std::unique_ptr<quic::TlsContext> relay_tls_, member_tls_;
  std::unique_ptr<End> relay_, member_;
  std::unique_ptr<SteadyFlow> game_, stream_;
  std::vector<Copy> copy_;
  std::size_t copies_ = 0;
  std::uint64_t segments_ = 0;
  TimePoint sending_until_{};
};

std::vector<PathCase> cases() {
  using std::chrono::milliseconds;
  std::vector<PathCase> made;
  for (const int round_trip : {20, 50, 100}) {
    for (const double loss : {0.0, 0.01, 0.03}) {
      const LineConfig line{milliseconds(round_trip) / 2, loss, 100e6, milliseconds(100)};
      for (const int copies : {0, 1}) {
        made.push_back(
            {fmt::format("{} ms, {:g} %, {}", round_trip, loss * 100, copies ? "copy" : "stream"), line, line, copies});
      }
    }
  }
  for (const int round_trip : {2, 20, 50}) {
    for (const int buffer : {200, 20, 5}) {
      const LineConfig line{milliseconds(round_trip) / 2, 0, 20e6, milliseconds(buffer)};
      made.push_back({fmt::format("20 Mbit/s, {} ms, {} ms full", round_trip, buffer), line, line, 4});
    }
  }
  return made;
}

}  // namespace
}  // namespace softlan::bench

int main() {
  using namespace softlan;
  using quic::CongestionControl;
  struct Setting {
    std::string name;
    CongestionControl algorithm;
    std::size_t segment;
  };
  const std::size_t loose = quic::EndpointConfig{}.control_segment, strict = quic::EndpointConfig{}.max_udp_payload;
  const std::array settings{
      Setting{"default", CongestionControl::cubic, loose}, Setting{"cubic", CongestionControl::cubic, strict},
      Setting{"bbr", CongestionControl::bbr, strict}, Setting{"reno", CongestionControl::reno, strict}};
  fmt::print("{:28}{:8}{:>7}{:>8}{:>8}{:>8}{:>9}{:>8}\n", "path", "", "game", "", "", "", "stream", "copy");
  fmt::print("{:28}{:8}{:>7}{:>8}{:>8}{:>8}{:>9}{:>8}\n", "", "", "lost %", "p50 ms", "p99", "worst", "lost %",
             "Mbit/s");
  for (const bench::PathCase& path : bench::cases()) {
    for (const Setting& setting : settings) {
      quic::EndpointConfig config;
      config.congestion_control = setting.algorithm;
      config.control_segment = setting.segment;
      bench::World world(path, config, 1);
      if (!world.connect()) {
        fmt::print("{:28}{:8} no connection\n", path.name, setting.name);
        continue;
      }
      world.play();
      fmt::print("{:28}{:8}{}\n", path.name, setting.name, world.report());
    }
  }
}
