// What a hostile peer may send: nothing here may crash, hang or throw.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <initializer_list>

#include "base/random.h"
#include "ctrl/codec.h"

namespace softlan::ctrl {
namespace {

constexpr proto::Mac kMac{{0x02, 0x5e, 0x10, 0, 0, 0x0a}};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string error_of(std::string_view json) {
  const auto decoded = decode(json);
  return decoded ? "accepted" : decoded.error().message;
}

std::string json_of(const Message& message) {
  const auto bytes = encode(message);
  return {bytes.begin() + 4, bytes.end()};
}

std::vector<std::string> valid_messages() {
  return {json_of(Hello{.room = "ROOM1", .mac = kMac, .name = "Ada", .capabilities = {"echo"}, .budget = 1414}),
          json_of(Welcome{.peer = PeerId{1}, .mtu = 1500, .limits = {200, 200, 0}, .keep_alive_ms = 5000}),
          json_of(Reject{RejectCode::room_full, "The room is full.", true}),
          json_of(PeerJoined{PeerId{3}, Role::client, kMac, "Grace"}),
          json_of(PeerLeft{PeerId{3}, "left"}),
          json_of(Stats{.frames_sent = 12, .drops = {{"runt", 1}}, .rtt_us = 25000}),
          json_of(Budget{1168}),
          json_of(Disconnect{"bye"})};
}

// What was accepted must be writable, readable and then stay the same.
void expect_stable(std::string_view json) {
  const auto first = decode(json);
  if (!first) {
    EXPECT_FALSE(first.error().message.empty());
    return;
  }
  const auto second = decode(json_of(*first));
  ASSERT_TRUE(second) << second.error().message << "\n" << json_of(*first);
  EXPECT_EQ(*second, *first) << json_of(*first);
}

// Changes, removes, inserts or repeats a few bytes.
std::string mutated(std::string text, Random& random) {
  constexpr std::string_view kTokens = "{}[]\",:\\0-9.eEutrufalsn \x80\xff\x01";
  for (std::uint64_t edits = 1 + random.below(4); edits > 0 && !text.empty(); --edits) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    const char token = kTokens[static_cast<std::size_t>(random.below(kTokens.size()))];
    switch (random.below(5)) {
      case 0:
        text[at] = token;
        break;
      case 1:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 2:
        text.erase(at, static_cast<std::size_t>(1 + random.below(6)));
        break;
      case 3:
        text.insert(at, 1, token);
        break;
      default:
        text.insert(at, text.substr(at, static_cast<std::size_t>(random.below(20))));
    }
  }
  return text;
}

TEST(CodecRobustness, TakesEightLevelsOfNestingAndNoMore) {
  const auto nested = [](std::size_t arrays) {
    return R"({"type":"x","deep":)" + repeated("[", arrays) + repeated("]", arrays) + "}";
  };
  EXPECT_EQ(error_of(nested(7)), "accepted");
  EXPECT_EQ(error_of(nested(8)), "message is nested too deeply");
  EXPECT_EQ(error_of(repeated("[", 65536)), "message is nested too deeply");
  EXPECT_EQ(error_of(repeated("{\"a\":", 13000)), "message is nested too deeply");
}

TEST(CodecRobustness, CountsNoBracketsInsideTexts) {
  EXPECT_EQ(error_of(R"({"type":"disconnect","reason":"[[[[[[[[[[[[ \" {{{{{{{{{{{ \\"})"), "accepted");
}

TEST(CodecRobustness, RefusesWhatIsLongerThanAMessage) {
  const std::string padded = R"({"type":"budget","bytes":1})";
  EXPECT_EQ(error_of(padded + std::string(kMaxMessageSize - padded.size(), ' ')), "accepted");
  EXPECT_EQ(error_of(padded + std::string(kMaxMessageSize - padded.size() + 1, ' ')), "message is over 65536 bytes");
}

TEST(CodecRobustness, BoundsLists) {
  const auto hello = [](std::size_t capabilities) {
    return R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","capabilities":["a")" +
           repeated(",\"a\"", capabilities - 1) + "]}";
  };
  EXPECT_EQ(error_of(hello(32)), "accepted");
  EXPECT_EQ(error_of(hello(33)), "hello: field \"capabilities\" is not a list of at most 32 texts");
  const auto stats = [](int drops) {
    std::string members;
    for (int i = 0; i < drops; ++i) members += fmt::format("{}\"r{}\":1", i == 0 ? "" : ",", i);
    return R"({"type":"stats","drops":{)" + members + "}}";
  };
  EXPECT_EQ(error_of(stats(128)), "accepted");
  EXPECT_EQ(error_of(stats(129)), "stats: field \"drops\" is not an object of at most 128 counts");
}

TEST(CodecRobustness, RefusesNumbersNoIntegerCanHold) {
  for (const char* number : {"1e400", "-1e400", "99999999999999999999999999", "0x10", "+1", "01", "NaN", "Infinity"}) {
    EXPECT_NE(error_of(fmt::format(R"({{"type":"budget","bytes":{}}})", number)), "accepted") << number;
  }
}

TEST(CodecRobustness, SurvivesRandomBytes) {
  SeededRandom random(1);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> bytes(random.below(64));
    random.fill(bytes);
    EXPECT_FALSE(decode({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  }
}

TEST(CodecRobustness, SurvivesEveryTruncation) {
  for (const std::string& text : valid_messages()) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(error_of(std::string_view(text).substr(0, size)), "message is not a JSON object");
    }
  }
}

TEST(CodecRobustness, SurvivesMutationsOfValidMessages) {
  SeededRandom random(2);
  const auto messages = valid_messages();
  for (std::size_t i = 0; i < 10000; ++i) expect_stable(mutated(messages[i % messages.size()], random));
}

TEST(CodecRobustness, SurvivesRandomStreamsThroughTheFramer) {
  SeededRandom random(3);
  for (int i = 0; i < 2000; ++i) {
    Framer framer;
    std::vector<std::uint8_t> bytes(4 + random.below(40));
    random.fill(bytes);
    bytes[0] = bytes[1] = bytes[2] = 0;  // a length the framer takes
    framer.append(bytes);
    for (auto next = framer.next(); next && *next; next = framer.next()) (void)decode(**next);
  }
}

}  // namespace
}  // namespace softlan::ctrl
