#include "runtime/status_words.h"

#include <gtest/gtest.h>

namespace softlan::runtime {
namespace {

using namespace std::chrono_literals;

TEST(StatusWords, SayTimesForPeople) {
  EXPECT_EQ(in_ms(12345us), "12.3 ms");
  EXPECT_EQ(in_ms(std::nullopt), "-");
  EXPECT_EQ(in_words(Duration(59s)), "59 s");
  EXPECT_EQ(in_words(Duration(12min + 3s)), "12 min");
  EXPECT_EQ(in_words(Duration(3h + 5min)), "3 h 05 min");
  EXPECT_EQ(in_words(Duration(51h)), "2 d 03 h");
}

TEST(StatusWords, SayRatesForPeople) {
  EXPECT_EQ(in_words(obs::DirectionRates{.frames_per_second = 63.7, .bits_per_second = 8 * 12345}), "64/s 12.3 kB/s");
  EXPECT_EQ(in_words(obs::DirectionRates{.frames_per_second = 0, .bits_per_second = 8 * 5}), "0/s 5 B/s");
}

TEST(Table, PutsColumnsUnderEachOther) {
  Table table;
  table.row({"#", "name", "MAC"});
  table.row({"12", "Zoë", "02:00:00:00:00:01"});
  table.note("drops none");
  EXPECT_EQ(table.text(2),
            "  #   name  MAC\n"
            "  12  Zoë   02:00:00:00:00:01\n"
            "      drops none\n");
}

}  // namespace
}  // namespace softlan::runtime
