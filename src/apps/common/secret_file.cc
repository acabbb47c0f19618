#include "apps/common/secret_file.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "platform/files.h"

namespace softlan::apps {

namespace {
constexpr std::size_t kLargestFile = 4096;
}  // namespace

Result<std::string> read_secret(const std::string& path) {
  std::string text;
  if (path == "-") {
    std::getline(std::cin, text);
  } else {
    auto content = platform::read_file(path, kLargestFile);
    if (!content) return content;
    text = *std::move(content);
  }
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

}  // namespace softlan::apps
