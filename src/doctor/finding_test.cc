#include "doctor/finding.h"

#include <gtest/gtest.h>

#include <set>

namespace softlan::doctor {
namespace {

TEST(Finding, EveryMatterHasANameOfItsOwnAndASentence) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Matter::count_); ++i) {
    const Finding finding{static_cast<Matter>(i), {"A", "B", "C"}};
    EXPECT_TRUE(names.insert(to_string(finding.matter)).second) << i;
    const std::string text = sentence(finding);
    EXPECT_GE(text.size(), 20u) << to_string(finding.matter);
    EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
  }
}

TEST(Finding, DetailsAreFilledInInTheirOrderOrByNumber) {
  EXPECT_EQ(sentence({Matter::slow, {"eth0", "100"}}).substr(0, 23), "eth0 runs at 100 Mbit/s");
  const std::string text = sentence({Matter::part_of_another, {"eth0", "bridge", "br0"}});
  EXPECT_NE(text.find("eth0 is a part of the bridge br0"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("ip link set eth0 nomaster")) << text;
}

TEST(Finding, WhatAStrangerSaidIsMadeFitForATerminal) {
  EXPECT_EQ(sentence({Matter::relay_refuses, {"ROOM1", "no\x1b[31m"}}),
            "The relay refused a seat in room ROOM1: no?[31m");
}

TEST(Finding, DetailsThatAreMissingLeaveAGap) { EXPECT_FALSE(sentence({Matter::address_conflict}).empty()); }

}  // namespace
}  // namespace softlan::doctor
