#include "obs/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "obs/log_line.h"

namespace softlan::obs {
namespace {

std::string text_line(Level level, std::string_view event, std::initializer_list<Field> fields = {}) {
  return log_line(LogFormat::text, level, event, fields);
}
std::string json_line(Level level, std::string_view event, std::initializer_list<Field> fields = {}) {
  return log_line(LogFormat::json, level, event, fields);
}

TEST(TextLog, ShowsLevelEventAndFields) {
  EXPECT_EQ(text_line(Level::info, "member joined", {{"room", "ROOM1"}, {"peer", 3}}),
            "info  member joined room=ROOM1 peer=3");
  EXPECT_EQ(text_line(Level::error, "no relay"), "error no relay");
}

TEST(TextLog, ShowsEveryKindOfValue) {
  const std::string owned = "text";
  EXPECT_EQ(text_line(Level::debug, "x",
                      {{"a", owned}, {"b", -1}, {"c", std::uint64_t{18446744073709551615U}}, {"d", 1.5}, {"e", true}}),
            "debug x a=text b=-1 c=18446744073709551615 d=1.5 e=true");
}

TEST(TextLog, QuotesValuesThatCouldBeMisread) {
  EXPECT_EQ(
      text_line(Level::warn, "x", {{"a", "two words"}, {"b", "say \"hi\""}, {"c", ""}, {"d", "k=v"}, {"e", "c:\\"}}),
      R"(warn  x a="two words" b="say \"hi\"" c="" d="k=v" e="c:\\")");
}

TEST(TextLog, LosesControlCharacters) {
  EXPECT_EQ(text_line(Level::info, "joined\n", {{"name", "A\x1b[31m\nB"}}), "info  joined? name=A?[31m?B");
}

TEST(JsonLog, IsOneObject) {
  EXPECT_EQ(json_line(Level::info, "member joined", {{"room", "ROOM1"}, {"peer", 3}}),
            R"("level":"info","event":"member joined","room":"ROOM1","peer":3})");
}

TEST(JsonLog, EscapesQuotesAndBackslashesAndLosesControlCharacters) {
  EXPECT_EQ(json_line(Level::warn, "say \"hi\"", {{"path", "c:\\x\n"}, {"ok", false}}),
            R"("level":"warn","event":"say \"hi\"","path":"c:\\x?","ok":false})");
}

TEST(JsonLog, WritesNullForWhatIsNoNumber) {
  EXPECT_EQ(json_line(Level::debug, "x", {{"a", std::numeric_limits<double>::infinity()}, {"b", 0.25}}),
            R"("level":"debug","event":"x","a":null,"b":0.25})");
}

// Every digit as 0, so that a line can be compared whatever the time.
std::string digits_masked(std::string line) {
  std::ranges::replace_if(line, [](char c) { return c >= '0' && c <= '9'; }, '0');
  return line;
}

TEST(Log, StampsEachTextLineWithUtcMilliseconds) {
  std::ostringstream out;
  Log log = Log::to(out, Level::info, LogFormat::text);
  log.info("ready", {{"port", 443}});
  EXPECT_EQ(digits_masked(out.str()), "0000-00-00T00:00:00.000Z info  ready port=000\n");
}

TEST(Log, StampsEachJsonLineWithUtcMilliseconds) {
  std::ostringstream out;
  Log log = Log::to(out, Level::info, LogFormat::json);
  log.warn("half % full");
  EXPECT_EQ(digits_masked(out.str()),
            "{\"ts\":\"0000-00-00T00:00:00.000Z\",\"level\":\"warn\",\"event\":\"half % full\"}\n");
}

TEST(Log, WritesNothingBelowItsLevel) {
  std::ostringstream out;
  Log log = Log::to(out, Level::warn, LogFormat::text);
  log.debug("a");
  log.info("b");
  EXPECT_EQ(out.str(), "");
  log.error("c");
  EXPECT_NE(out.str(), "");
  EXPECT_FALSE(log.enabled(Level::info));
  EXPECT_TRUE(log.enabled(Level::warn));
}

TEST(Log, IsSilentWhenQuiet) {
  Log log = Log::quiet();
  EXPECT_FALSE(log.enabled(Level::error));
  log.error("nobody hears this");
}

TEST(Log, HandsItsLinesToAnOutlet) {
  std::vector<std::string> lines;
  Log log = Log::through([&](std::string_view line) { lines.emplace_back(line); }, Level::info, LogFormat::text);
  log.info("ready", {{"port", 443}});
  log.debug("not this");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(digits_masked(lines[0]), "0000-00-00T00:00:00.000Z info  ready port=000\n");
}

TEST(Log, CanBeMoved) {
  std::ostringstream out;
  Log first = Log::to(out, Level::info, LogFormat::text);
  Log log = std::move(first);
  log.info("moved");
  EXPECT_NE(out.str().find("moved"), std::string::npos);
}

}  // namespace
}  // namespace softlan::obs
