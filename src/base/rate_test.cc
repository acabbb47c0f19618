#include "base/rate.h"

#include <gtest/gtest.h>

namespace softlan {
namespace {

TEST(ParseRate, KnowsTheUnitsOfTc) {
  EXPECT_EQ(parse_rate("9600bit"), 9600u);
  EXPECT_EQ(parse_rate("2500kbit"), 2'500'000u);
  EXPECT_EQ(parse_rate("20mbit"), 20'000'000u);
  EXPECT_EQ(parse_rate("1gbit"), 1'000'000'000u);
}

TEST(ParseRate, TakesFractionsAndAnyCase) {
  EXPECT_EQ(parse_rate("2.5mbit"), 2'500'000u);
  EXPECT_EQ(parse_rate("20Mbit"), 20'000'000u);
}

TEST(ParseRate, RefusesWhatMayMeanSomethingElse) {
  for (const char* text : {"20", "20m", "20mbps", "20MB", "20 mbit", "20mbit/s"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

TEST(ParseRate, RefusesWhatIsNoRate) {
  for (const char* text : {"", "mbit", "-1mbit", "0mbit", "nanmbit", "infmbit", "1e3mbit", "2000gbit", "0x10mbit"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

}  // namespace
}  // namespace softlan
