#include "base/bytes.h"
#include "ctrl/codec.h"

namespace softlan::ctrl {
namespace {

constexpr std::size_t kPrefixSize = 4;

}  // namespace

void Framer::append(Bytes bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
  consumed_ = 0;
  if (!broken_) buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::expected<std::optional<std::string_view>, DecodeError> Framer::next() {
  const std::unexpected bad_length(DecodeError{"message length is zero or over 65536 bytes"});
  if (broken_) return bad_length;
  const Bytes rest = Bytes(buffer_).subspan(consumed_);
  if (rest.size() < kPrefixSize) return std::nullopt;
  const std::size_t size = load_be32(rest.data());
  broken_ = size == 0 || size > kMaxMessageSize;
  if (broken_) return bad_length;
  if (rest.size() - kPrefixSize < size) return std::nullopt;
  consumed_ += kPrefixSize + size;
  const Bytes message = rest.subspan(kPrefixSize, size);
  return std::string_view(reinterpret_cast<const char*>(message.data()), message.size());
}

}  // namespace softlan::ctrl
