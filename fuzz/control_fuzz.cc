// A control stream: where it is cut does not matter, and what was understood is said again in the same words.
//
// Input: size of the pieces the stream arrives in (1; 0 means all at once) | the stream. The stream is also read as one
// JSON text, so that a fuzzer need not find the length prefix first.

#include <string>
#include <vector>

#include "base/text.h"
#include "ctrl/codec.h"
#include "ctrl/validate.h"
#include "fuzz/target.h"

namespace softlan::fuzz {
namespace {

std::string json_of(const ctrl::Message& message) {
  const auto bytes = ctrl::encode(message);
  SOFTLAN_CHECK(bytes.size() - 4 <= ctrl::kMaxMessageSize && load_be32(bytes.data()) == bytes.size() - 4);
  return text_of(Bytes(bytes).subspan(4));
}

void check_verdict(const ctrl::Hello& hello) {
  const auto reject = ctrl::check_hello(hello);
  if (!reject) SOFTLAN_CHECK(ctrl::is_room_code(ctrl::canonical_room(hello.room)) && proto::may_own(hello.mac));
  if (reject) SOFTLAN_CHECK(printable(reject->message) == reject->message);
}

void check_text(std::string_view text) {
  const auto message = ctrl::decode(text);
  if (!message) {
    SOFTLAN_CHECK(printable(message.error().message) == message.error().message);
    return;
  }
  const std::string json = json_of(*message);
  SOFTLAN_CHECK(printable(json, json.size()) == json);
  const auto again = ctrl::decode(json);
  SOFTLAN_CHECK(again && json_of(*again) == json);
  // Two drop reasons may become the same text once their control characters are gone.
  if (!std::holds_alternative<ctrl::Stats>(*message)) SOFTLAN_CHECK(*again == *message);
  if (const auto* hello = std::get_if<ctrl::Hello>(&*message)) check_verdict(*hello);
}

// What a framer makes of the stream: its messages, then perhaps an error.
struct Heard {
  std::vector<std::string> texts;
  bool failed = false;
  bool operator==(const Heard&) const = default;
};

Heard listen(Bytes stream, std::size_t piece) {
  Heard heard;
  ctrl::Framer framer;
  while (!stream.empty() && !heard.failed) {
    const Bytes bytes = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(bytes.size());
    framer.append(bytes);
    auto next = framer.next();
    for (; next && *next; next = framer.next()) heard.texts.emplace_back(**next);
    heard.failed = !next;
  }
  if (heard.failed) SOFTLAN_CHECK(!framer.next());
  return heard;
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace softlan::fuzz;
  Input input(data, size);
  const std::size_t piece = input.u8();
  const softlan::Bytes stream = input.rest();
  const Heard heard = listen(stream, std::max<std::size_t>(stream.size(), 1));
  if (piece != 0) SOFTLAN_CHECK(listen(stream, piece) == heard);
  for (const std::string& text : heard.texts) check_text(text);
  check_text(text_of(stream));
  return 0;
}
