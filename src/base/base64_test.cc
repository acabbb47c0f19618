#include "base/base64.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/random.h"

namespace softlan {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// RFC 4648, section 10.
constexpr std::pair<std::string_view, std::string_view> kVectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, IsWrittenAndReadAsInTheRfc) {
  for (const auto& [plain, text] : kVectors) {
    EXPECT_EQ(to_base64(bytes_of(plain)), text);
    EXPECT_EQ(parse_base64(text), bytes_of(plain));
  }
}

TEST(Base64, OfTheUrlKindHasNoPaddingAndNoCharactersThatUrlsUse) {
  const std::vector<std::uint8_t> bytes = {0xfb, 0xff, 0xfe, 0x01};
  EXPECT_EQ(to_base64(bytes), "+//+AQ==");
  EXPECT_EQ(to_base64url(bytes), "-__-AQ");
  EXPECT_EQ(parse_base64url("-__-AQ"), bytes);
}

TEST(Base64, OfAnySizeComesBack) {
  SeededRandom random(64);
  for (std::size_t size = 0; size < 70; ++size) {
    std::vector<std::uint8_t> bytes(size);
    random.fill(bytes);
    EXPECT_EQ(parse_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(parse_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(Base64, HasOneSpellingOnly) {
  for (const std::string_view text :
       {"Zg", "Zg=", "Zg===", "=", "====", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "Z-9v", "Z=9v"})
    EXPECT_FALSE(parse_base64(text)) << text;
  for (const std::string_view text : {"Zg==", "Zh", "Zm9", "Z", "Z/9v", "Zg "})
    EXPECT_FALSE(parse_base64url(text)) << text;
}

}  // namespace
}  // namespace softlan
