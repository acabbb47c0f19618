#include "platform/windows/wide_text.h"

#include <gtest/gtest.h>

namespace softlan::platform {
namespace {

TEST(WideText, GoesThereAndBack) {
  const std::string text = "C:\\Users\\J\xc3\xb6rg \xf0\x9f\x8e\xae";
  EXPECT_EQ(to_wide(text), L"C:\\Users\\J\u00f6rg \U0001f3ae");
  EXPECT_EQ(to_utf8(to_wide(text)), text);
}

TEST(WideText, OfNothingIsNothing) {
  EXPECT_EQ(to_wide(""), L"");
  EXPECT_EQ(to_utf8(L""), "");
}

TEST(WideText, WhatIsNotValidIsShownAsSuch) { EXPECT_EQ(to_utf8(to_wide("a\xff")), "a\xef\xbf\xbd"); }

}  // namespace
}  // namespace softlan::platform
