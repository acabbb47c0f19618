// The project's own session with its safeties off, against real programs: tests/e2e/test_hostile_member.py.
//
//   hostile_member RELAY:PORT CERTIFICATE.der ROOM MAC [PASS]
//       takes a seat and sends the frames it reads from standard input, one a line in hexadecimal, a blank and a number
//       after it to send it as often (10,000 a second). Says on standard output what became of it.
//   hostile_member RELAY:PORT CERTIFICATE.der ROOM MAC PASS --proof KIND
//       tries to enter by a proof it has no right to (false_proof.h).
#include <charconv>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "hostile/false_proof.h"
#include "support/bare_member.h"

namespace softlan::test {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);
constexpr Duration kLinger = std::chrono::seconds(1);  // for what is under way, in both directions
constexpr Duration kGoodbye = std::chrono::milliseconds(100);
constexpr Duration kInterval = std::chrono::milliseconds(1);
constexpr int kFramesPerInterval = 10;

struct Lines {
  std::vector<std::uint8_t> frame;
  int times = 1;
};

std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

std::vector<Lines> read_frames() {
  std::vector<Lines> frames;
  for (std::string line; std::getline(std::cin, line);) {
    const auto blank = line.find(' ');
    frames.push_back({from_hex(std::string_view(line).substr(0, blank)),
                      blank == std::string::npos ? 1 : std::atoi(line.c_str() + blank)});
  }
  return frames;
}

class Intruder {
 public:
  Intruder(Ground& ground, const session::Config& who)
      : ground_(ground), member_(ground, who, [this](TimePoint, Bytes) { ++received_; }), to_send_(read_frames()) {
    give_up_ = ground.loop.now() + kPatience;
    member_.join(ground.loop.now());
    next_ = ground.loop.now();
    ground.loop.attach(
        {.next_deadline = [this] { return next_; }, .on_deadline = [this](TimePoint now) { step(now); }, .flush = {}});
  }

  [[nodiscard]] bool was_seated() const { return member_.was_seated(); }
  [[nodiscard]] const std::string& last_word() const { return member_.last_word(); }
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  void step(TimePoint now) {
    next_ = now + kInterval;
    if (now >= stop_) return ground_.loop.stop();
    if (stop_ != kNever) return;
    if (member_.ended() || now >= give_up_) return leave(now);
    if (!member_.seated()) return;
    for (int i = 0; i < kFramesPerInterval && sending_ < to_send_.size(); ++i) {
      member_.send(now, to_send_[sending_].frame);
      if (--to_send_[sending_].times <= 0) ++sending_;
      give_up_ = now + kLinger;
    }
  }

  void leave(TimePoint now) {
    stop_ = now + kGoodbye;
    member_.leave(now);
  }

  Ground& ground_;
  BareMember member_;
  std::vector<Lines> to_send_;
  std::size_t sending_ = 0;
  std::uint64_t received_ = 0;
  TimePoint next_ = kNever;
  TimePoint give_up_ = kNever;
  TimePoint stop_ = kNever;
};

int intrude(Ground& ground, const session::Config& who) {
  Intruder intruder(ground, who);
  ground.loop.run();
  std::printf("%s; received %llu\n%s\n", intruder.was_seated() ? "seated" : "not seated",
              static_cast<unsigned long long>(intruder.received()), intruder.last_word().c_str());
  return 0;
}

int prove(Ground& ground, const session::Config& who, const std::string& kind) {
  FalseProof proof(ground, {.ip = parse_ip(ground.relay.host).value(), .port = ground.relay.port}, who, kind);
  const TimePoint end = ground.loop.now() + kPatience;
  TimePoint next = ground.loop.now();
  ground.loop.attach({.next_deadline = [&] { return next; },
                      .on_deadline =
                          [&](TimePoint now) {
                            next = now + kInterval;
                            if (!proof.outcome().empty() || now >= end) ground.loop.stop();
                          },
                      .flush = {}});
  ground.loop.run();
  std::printf("%s\n", proof.outcome().empty() ? "no answer" : proof.outcome().c_str());
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() < 4 || (words.size() > 5 && (words.size() != 7 || words[5] != "--proof"))) {
    std::fputs("hostile_member RELAY:PORT CERTIFICATE.der ROOM MAC [PASS [--proof KIND]]\n", stderr);
    return 2;
  }
  const auto relay = parse_host_port(words[0]);
  const auto mac = proto::parse_mac(words[3]);
  if (!relay || !parse_ip(relay->host) || !mac) return 2;
  runtime::Loop loop;
  Ground ground{*relay, read_trust(words[1]), loop};
  session::Config who{
      .room = words[2], .mac = *mac, .name = "Mallory", .software = "hostile", .relay = {}, .server_name = {}};
  if (words.size() > 4) who.pass = words[4];
  return words.size() > 5 ? prove(ground, who, words[6]) : intrude(ground, who);
}

}  // namespace
}  // namespace softlan::test

int main(int argc, char** argv) { return softlan::test::run({argv + 1, argv + argc}); }
