// A room that plays while its relay is attacked: round trips of game traffic through a real relay on this machine.
//
//   softlan_attack_bench [PATH-OF-LANPARTY-RELAY [SECONDS [OPTION-OF-THE-RELAY...]]]
//
// Two clients send 64 frames a second each through the relay to a gateway, which sends them back. First they play
// alone, then under one attack after the other (attacks.h). The relay and each attack are processes of their own;
// attackers give way to the others, so that on a small machine it is the relay that is measured and not the attacker.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "attack/attacks.h"
#include "base/bytes.h"
#include "platform/files.h"
#include "platform/linux/child_process.h"
#include "proto/test_frames.h"
#include "support/bare_member.h"

namespace softlan::bench {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t kPort = 47443;
constexpr Duration kFrameInterval = std::chrono::microseconds(15625);  // 64 a second
constexpr Duration kSettling = std::chrono::seconds(2);
constexpr std::size_t kPayload = 200;
constexpr std::uint16_t kEthertype = 0x88b6;  // for experiments
constexpr proto::Mac kHost{{0x02, 0, 0x5e, 0x20, 0, 1}};

// A client's flow of frames, each with its number, and what has come back.
class Flow {
 public:
  Flow(test::Ground& ground, std::uint16_t number)
      : player_(ground, member("PLAY", number), [this](TimePoint now, Bytes frame) { on_frame(now, frame); }) {}
  [[nodiscard]] test::BareMember& player() { return player_; }

  void send(TimePoint now) {
    std::vector<std::uint8_t> payload(kPayload);
    store_be64(payload.data(), sent_.size());
    player_.send(now, proto::test::ethernet(kHost, player_.mac(), kEthertype, payload));
    sent_.push_back(now);
  }
  void forget() {
    first_ = sent_.size();
    times_.clear();
  }
  [[nodiscard]] std::size_t lost() const { return sent_.size() - first_ - times_.size(); }
  // Milliseconds there and back.
  [[nodiscard]] const std::vector<double>& times() const { return times_; }

 private:
  void on_frame(TimePoint now, Bytes frame) {
    if (frame.size() < 14 + kPayload) return;
    const std::uint64_t number = load_be64(&frame[14]);
    if (number < first_ || number >= sent_.size()) return;
    times_.push_back(std::chrono::duration<double, std::milli>(now - sent_[number]).count());
  }

  test::BareMember player_;
  std::vector<TimePoint> sent_;
  std::size_t first_ = 0;
  std::vector<double> times_;
};

double percentile(std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

class Room {
 public:
  explicit Room(test::Ground& ground)
      : ground_(ground), gateway_(ground, member("PLAY", 1, ctrl::Role::gateway), [this](TimePoint now, Bytes frame) {
          send_back(now, frame);
        }) {
    for (std::uint16_t number : {std::uint16_t{2}, std::uint16_t{3}}) flows_.emplace_back(ground, number);
    ground.loop.attach({.next_deadline = [this] { return next_frame_; },
                        .on_deadline = [this](TimePoint now) { send(now); },
                        .flush = {}});
  }

  void start(TimePoint now) {
    gateway_.join(now);
    for (Flow& flow : flows_) flow.player().join(now);
    next_frame_ = now + kSettling / 2;
  }
  void pause() { next_frame_ = kNever; }
  void go_on(TimePoint now) {
    for (Flow& flow : flows_) flow.forget();
    next_frame_ = now;
  }
  void print(const std::string& name) {
    std::vector<double> times;
    std::size_t lost = 0;
    for (const Flow& flow : flows_) {
      times.insert(times.end(), flow.times().begin(), flow.times().end());
      lost += flow.lost();
    }
    std::ranges::sort(times);
    std::printf("%-12s %8zu %6zu %9.2f %9.2f %9.2f\n", name.c_str(), times.size() + lost, lost, percentile(times, 0.5),
                percentile(times, 0.99), times.empty() ? 0 : times.back());
    std::fflush(stdout);
  }

 private:
  void send(TimePoint now) {
    next_frame_ += kFrameInterval;
    for (Flow& flow : flows_) flow.send(now);
  }
  void send_back(TimePoint now, Bytes frame) {
    std::vector<std::uint8_t> back(frame.begin(), frame.end());
    std::swap_ranges(back.begin(), back.begin() + 6, back.begin() + 6);
    gateway_.send(now, back);
  }

  test::Ground& ground_;
  test::BareMember gateway_;
  std::deque<Flow> flows_;
  TimePoint next_frame_ = kNever;
};

// Plays alone, then under each attack; ends the loop after the last.
class Schedule {
 public:
  Schedule(test::Ground& ground, Room& room, std::string self, std::string certificate, Duration length)
      : loop_(ground.loop),
        room_(room),
        self_(std::move(self)),
        certificate_(std::move(certificate)),
        length_(length) {}

  void start() {
    loop_.after(kSettling, [this] { begin(0); });
  }

 private:
  void begin(std::size_t index) {
    if (index == kPhases.size()) return loop_.stop();
    if (index > 0) {
      auto started =
          platform::ChildProcess::start({"/usr/bin/nice", "-n", "19", self_, "--attack", kPhases[index], certificate_});
      if (started) attacker_ = std::make_unique<platform::ChildProcess>(std::move(*started));
    }
    // The attacker first finds its feet, and the attacked their losses.
    room_.go_on(loop_.now());
    loop_.after(kSettling, [this, index] {
      room_.go_on(loop_.now());
      loop_.after(length_, [this, index] { end(index); });
    });
  }
  void end(std::size_t index) {
    room_.pause();
    loop_.after(milliseconds(500), [this, index] {
      attacker_.reset();
      room_.print(kPhases[index]);
      begin(index + 1);
    });
  }

  inline static const std::vector<std::string> kPhases{"alone", "junk", "half-open", "handshakes", "joins"};
  runtime::Loop& loop_;
  Room& room_;
  std::string self_, certificate_;
  Duration length_;
  std::unique_ptr<platform::ChildProcess> attacker_;
};

int play(const std::string& self, const std::string& relay, Duration length, const std::vector<std::string>& more) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "softlan-attack";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string certificate = folder / "relay.der";
  std::vector<std::string> command{relay,         "--listen",       fmt::format("127.0.0.1:{}", kPort),
                                   "--state-dir", folder / "state", "--dev-cert-der-out",
                                   certificate,   "--rooms",        "passless"};
  command.insert(command.end(), more.begin(), more.end());
  auto process = platform::ChildProcess::start(command);
  runtime::Loop loop;
  for (int i = 0; i < 100 && !platform::file_exists(certificate); ++i) std::this_thread::sleep_for(milliseconds(50));
  test::Ground ground{{"127.0.0.1", kPort}, test::read_trust(certificate), loop};
  if (!process || ground.trust.ca.empty()) {
    std::fprintf(stderr, "%s does not run; give the path of lanparty-relay\n", relay.c_str());
    return 1;
  }
  Room room(ground);
  Schedule schedule(ground, room, self, certificate, length);
  std::printf("%-12s %8s %6s %9s %9s %9s   (round trip, ms)\n", "", "frames", "lost", "p50", "p99", "worst");
  loop.turn([&](TimePoint now) {
    room.start(now);
    schedule.start();
  });
  loop.run();
  return 0;
}

int run(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "--attack") {
    runtime::Loop loop;
    test::Ground ground{{"127.0.0.1", kPort}, test::read_trust(words[2]), loop};
    const SocketAddress relay{.ip = parse_ip("127.0.0.1").value(), .port = kPort, .scope = 0};
    return attack(words[1], ground, relay) ? 0 : 2;
  }
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string beside = std::filesystem::path(self).parent_path().parent_path() / "bin/lanparty-relay";
  const std::string relay = words.empty() ? beside : words[0];
  const int seconds = words.size() < 2 ? 10 : std::atoi(words[1].c_str());
  return play(self, relay, std::chrono::seconds(std::max(1, seconds)),
              {words.begin() + std::min<std::ptrdiff_t>(2, std::ssize(words)), words.end()});
}

}  // namespace
}  // namespace softlan::bench

int main(int argc, char** argv) { return softlan::bench::run(argc, argv); }
