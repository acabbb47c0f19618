// A relay with fake links and a clock of the test's own, and the words to tell its story.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <list>
#include <sstream>
#include <string>

#include "proto/test_frames.h"
#include "relay/relay.h"
#include "relay/test_link.h"

namespace softlan::relay::test {

using proto::test::Frame;
using proto::test::test_mac;

// What number `number` says first: its MAC is 02:00:00:00:00:<number>, its name "player<number>".
inline ctrl::Hello hello(std::uint8_t number, ctrl::Role role = ctrl::Role::client, std::string room = "ROOM1") {
  return {.role = role,
          .room = std::move(room),
          .mac = test_mac(number),
          .name = "player" + std::to_string(number),
          .software = "test",
          .capabilities = {},
          .budget = 1170};
}
inline ctrl::Hello gateway_hello(std::uint8_t number) { return hello(number, ctrl::Role::gateway); }

class RelayTest : public testing::Test {
 protected:
  explicit RelayTest(RelayConfig config = {}) : relay_(std::move(config), door_, log_) {}

  // A link whose TLS is done, of the identity `number`.
  FakeLink& connect(std::uint8_t number) {
    FakeLink& link = links_.emplace_back(number);
    relay_.on_link_up(now_, link);
    return link;
  }
  // A seated member whose part of the story begins after the greetings, as does that of everybody else.
  FakeLink& join(std::uint8_t number, const ctrl::Hello& first_words) {
    FakeLink& link = connect(number);
    say(link, first_words);
    EXPECT_EQ(link.all<ctrl::Welcome>().size(), 1u);
    for (FakeLink& other : links_) other.take();
    return link;
  }
  FakeLink& join_client(std::uint8_t number) { return join(number, hello(number)); }
  FakeLink& join_gateway(std::uint8_t number) { return join(number, gateway_hello(number)); }

  void say(FakeLink& link, const ctrl::Message& message) { relay_.on_control(now_, link, ctrl::encode(message)); }
  // A message as bytes on the control stream, whatever they mean.
  void say_json(FakeLink& link, std::string_view json) {
    std::vector<std::uint8_t> bytes(4);
    store_be32(bytes.data(), static_cast<std::uint32_t>(json.size()));
    bytes.insert(bytes.end(), json.begin(), json.end());
    relay_.on_control(now_, link, bytes);
  }
  void send(FakeLink& link, const Frame& frame) {
    std::array<link::Received, 1> batch;
    batch[0].from = &link;
    batch[0].frame = pool_.copy(frame);
    relay_.on_received(now_, batch);
  }
  void send_echo(FakeLink& link, const proto::Echo& echo) {
    std::array<link::Received, 1> batch;
    batch[0].from = &link;
    batch[0].is_echo = true;
    batch[0].echo = echo;
    relay_.on_received(now_, batch);
  }
  void lose(FakeLink& link) {
    relay_.on_link_down(now_, link, {.fault = link::LinkFault::timeout, .code = 0, .reason = "no answer"});
  }
  void wait(Duration time) {
    now_ += time;
    relay_.on_deadline(now_);
  }

  [[nodiscard]] const Room* room(std::string_view code = "ROOM1") const {
    const auto found = relay_.rooms().find(code);
    return found == relay_.rooms().end() ? nullptr : found->second.get();
  }
  [[nodiscard]] bool logged(std::string_view words) const { return log_text_.str().find(words) != std::string::npos; }

  TimePoint now_{};
  FramePool pool_{64};
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::debug, obs::LogFormat::text);
  std::list<FakeLink> links_;
  Door door_ = Door::passless();
  Relay relay_;
};

}  // namespace softlan::relay::test
