#include "obs/drop_reason.h"

#include <gtest/gtest.h>

#include <set>

namespace softlan::obs {
namespace {

DropReason reason_at(std::size_t index) { return static_cast<DropReason>(index); }

TEST(DropReason, IsNamedAsItsEnumerator) {
  EXPECT_EQ(to_string(DropReason::none), "none");
  EXPECT_EQ(to_string(DropReason::forged_source), "forged_source");
  EXPECT_EQ(to_string(DropReason::device_refused), "device_refused");
}

TEST(DropReason, HasANameAndASentenceOfItsOwn) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < kDropReasonCount; ++i) {
    names.insert(to_string(reason_at(i)));
    sentences.insert(describe(reason_at(i)));
  }
  EXPECT_EQ(names.size(), kDropReasonCount);
  EXPECT_EQ(sentences.size(), kDropReasonCount);
}

TEST(DropReason, HasANameFitForALabelAndASentenceThatEnds) {
  for (std::size_t i = 0; i < kDropReasonCount; ++i) {
    EXPECT_EQ(to_string(reason_at(i)).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_TRUE(describe(reason_at(i)).ends_with('.')) << to_string(reason_at(i));
  }
}

}  // namespace
}  // namespace softlan::obs
