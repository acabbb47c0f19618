#include <gtest/gtest.h>

#include "ctrl/codec.h"

namespace softlan::ctrl {
namespace {

using Texts = std::vector<std::string>;

std::vector<std::uint8_t> framed(std::string_view text) {
  std::vector<std::uint8_t> bytes(4);
  store_be32(bytes.data(), static_cast<std::uint32_t>(text.size()));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

std::vector<std::uint8_t> framed(const Texts& texts) {
  std::vector<std::uint8_t> stream;
  for (const std::string& text : texts) {
    const auto bytes = framed(text);
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  return stream;
}

std::vector<std::uint8_t> prefix(std::uint32_t length) {
  std::vector<std::uint8_t> bytes(4);
  store_be32(bytes.data(), length);
  return bytes;
}

// Everything `framer` can give now.
Texts drain(Framer& framer) {
  Texts texts;
  for (auto next = framer.next(); next && *next; next = framer.next()) texts.emplace_back(**next);
  return texts;
}

TEST(Framer, HasNothingToGiveAtFirst) {
  Framer framer;
  const auto next = framer.next();
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, std::nullopt);
}

TEST(Framer, GivesSeveralMessagesOfOneRead) {
  const Texts messages{"{}", R"({"type":"x"})", "[1]"};
  Framer framer;
  framer.append(framed(messages));
  EXPECT_EQ(drain(framer), messages);
}

TEST(Framer, GivesTheSameMessagesWhereverTheStreamIsCut) {
  const Texts messages{"{}", R"({"type":"stats"})", "x"};
  const auto stream = framed(messages);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Framer framer;
    framer.append(Bytes(stream).first(cut));
    Texts got = drain(framer);
    framer.append(Bytes(stream).subspan(cut));
    for (const std::string& text : drain(framer)) got.push_back(text);
    EXPECT_EQ(got, messages) << "cut at " << cut;
  }
}

TEST(Framer, GivesTheSameMessagesByteByByte) {
  const Texts messages{"{}", R"({"type":"budget","bytes":1168})"};
  Framer framer;
  Texts got;
  for (const std::uint8_t byte : framed(messages)) {
    framer.append({&byte, 1});
    for (const std::string& text : drain(framer)) got.push_back(text);
  }
  EXPECT_EQ(got, messages);
}

TEST(Framer, TakesTheLongestMessageAllowed) {
  const std::string longest(kMaxMessageSize, ' ');
  Framer framer;
  framer.append(framed(longest));
  EXPECT_EQ(drain(framer), Texts{longest});
}

TEST(Framer, RefusesALengthOfZeroOrOverTheLimitForGood) {
  for (const std::uint32_t length : {0U, 65537U, 0xffff'ffffU}) {
    Framer framer;
    framer.append(prefix(length));
    const auto refused = framer.next();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "message length is zero or over 65536 bytes");
    framer.append(framed("{}"));
    EXPECT_FALSE(framer.next()) << "after a length of " << length;
  }
}

TEST(Framer, GivesWhatCameBeforeABadLength) {
  auto stream = framed("{}");
  const auto bad = prefix(0);
  stream.insert(stream.end(), bad.begin(), bad.end());
  Framer framer;
  framer.append(stream);
  EXPECT_EQ(drain(framer), Texts{"{}"});
  EXPECT_FALSE(framer.next());
}

}  // namespace
}  // namespace softlan::ctrl
