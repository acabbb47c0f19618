#include "session/echo_book.h"

#include <gtest/gtest.h>

namespace softlan::session {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1h};

TEST(EchoBook, KnowsNothingBeforeTheFirstEcho) {
  const EchoBook book;
  EXPECT_EQ(book.tally(kStart), EchoTally{});
  EXPECT_FALSE(percent_lost(book.tally(kStart)));
  EXPECT_FALSE(book.round_trip());
}

TEST(EchoBook, TakesTheRoundTripOfTheLatestAnswer) {
  EchoBook book;
  book.sent(kStart, 7);
  book.sent(kStart + 1s, 8);
  book.answered(kStart + 1030ms, 8);
  EXPECT_EQ(book.round_trip(), 30ms);
  book.answered(kStart + 1100ms, 7);
  EXPECT_EQ(book.round_trip(), 1100ms);
}

TEST(EchoBook, CountsAnEchoAsLostOnlyAfterItsTime) {
  EchoBook book;
  book.sent(kStart, 7);
  EXPECT_EQ(book.tally(kStart + 1999ms), EchoTally{});
  EXPECT_EQ(book.tally(kStart + 2s), (EchoTally{.due = 1, .lost = 1}));
}

TEST(EchoBook, TakesALateAnswerOffTheLosses) {
  EchoBook book;
  book.sent(kStart, 7);
  book.answered(kStart + 3s, 7);
  EXPECT_EQ(book.tally(kStart + 3s), (EchoTally{.due = 1, .lost = 0}));
}

TEST(EchoBook, HearsNoAnswerThatWasNotAskedForOrCameBefore) {
  EchoBook book;
  book.answered(kStart, 0);
  book.sent(kStart, 7);
  book.answered(kStart + 20ms, 8);
  EXPECT_FALSE(book.round_trip());
  book.answered(kStart + 20ms, 7);
  book.answered(kStart + 500ms, 7);
  EXPECT_EQ(book.round_trip(), 20ms);
}

TEST(EchoBook, ForgetsWhatIsOlderThanAMinute) {
  EchoBook book;
  TimePoint now = kStart;
  for (std::uint64_t cookie = 1; cookie <= 90; ++cookie, now += 1s) {
    book.sent(now, cookie);
    if (cookie > 30 && cookie % 4 != 0) book.answered(now + 10ms, cookie);
  }
  const EchoTally tally = book.tally(now + 2s);
  EXPECT_EQ(tally, (EchoTally{.due = 60, .lost = 15}));
  EXPECT_DOUBLE_EQ(*percent_lost(tally), 25.0);
}

}  // namespace
}  // namespace softlan::session
