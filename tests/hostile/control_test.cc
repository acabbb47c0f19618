// The relay against members that say what they should not.
#include <gmock/gmock.h>

#include "ctrl/validate.h"
#include "hostile/relay_world.h"
#include "hostile/words.h"

namespace softlan::hostile {
namespace {

using link::CloseCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

class HostileWords : public RelayWorld {
 protected:
  // What becomes of somebody without a seat who says `bytes`; the reject it hears.
  ctrl::Reject turned_away(Bytes bytes) {
    RawPeer& peer = connect();
    peer.say(bytes);
    run(milliseconds(30));
    expect_closed(peer, CloseCode::protocol_error);
    const auto rejects = all<ctrl::Reject>(peer);
    EXPECT_THAT(rejects, SizeIs(1));
    forget(peer);
    EXPECT_EQ(endpoint_.connections(), 0u);
    return rejects.empty() ? ctrl::Reject{} : rejects[0];
  }
  // The same for a member.
  void expect_thrown_out(Bytes bytes) {
    RawPeer& peer = join(1);
    peer.say(bytes);
    run(milliseconds(30));
    expect_closed(peer, CloseCode::protocol_error);
    EXPECT_EQ(seat(1), nullptr);
    forget(peer);
  }
  static void expect_closed(const RawPeer& peer, CloseCode code) {
    ASSERT_TRUE(peer.end());
    EXPECT_TRUE(peer.end()->by_application);
    EXPECT_EQ(peer.end()->code, static_cast<std::uint64_t>(code)) << peer.end()->reason;
  }
};

TEST_F(HostileWords, EndTheConnectionAndAreNamedInTheLogAndTheReject) {
  struct Case {
    Bytestring bytes;
    std::string_view named;
  };
  const std::string depth = R"({"type":"hello","x":)";
  const std::vector<Case> cases = {
      {{0, 0, 0, 0}, "length"},
      {{0, 1, 0, 1}, "length"},
      {{0xff, 0xff, 0xff, 0xff}, "length"},
      {control("hello"), "JSON"},
      {control("{"), "JSON"},
      {control(R"({"type":"hello"} )" + std::string("x")), "JSON"},
      {control(std::string("\0\0\0", 3)), "JSON"},
      {control("[]"), "object"},
      {control("null"), "object"},
      {control("{}"), "type"},
      {control(R"({"type":7})"), "type"},
      {control("{\"type\":\"hello\",\"name\":\"\xff\xfe\"}"), "not a JSON object"},
      {control("{\"type\":\"hello\",\"name\":\"\xed\xa0\x80\"}"), "not a JSON object"},
      {control(depth + repeated("[", 60000)), "deep"},
      {control(depth + repeated("[", 30000) + repeated("]", 30000) + "}"), "deep"},
      {control(depth + repeated(R"({"x":)", 9000) + "1" + repeated("}", 9001)), "deep"},
      {control(R"({"type":"hello","protocol":1,"role":"client","room":"ROOM1","mac":7})"), "mac"},
      {control(R"({"type":"hello","protocol":1,"role":"king","room":"ROOM1","mac":"02:00:00:00:00:01"})"), "role"},
      {control(R"({"type":"hello","protocol":1e400})"), ""},
      {control(R"({"type":"hello","protocol":-1})"), "protocol"},
      {control(R"({"type":"hello","protocol":99999999999999999999999})"), "protocol"},
  };
  for (const Case& one : cases) {
    const std::string text(one.bytes.begin() + 4,
                           one.bytes.begin() + 4 + std::min<std::ptrdiff_t>(60, std::ssize(one.bytes) - 4));
    SCOPED_TRACE(text);
    run(seconds(1));  // so that the log says each
    log_text_.str({});
    const ctrl::Reject reject = turned_away(one.bytes);
    EXPECT_EQ(reject.code, ctrl::RejectCode::malformed);
    EXPECT_THAT(reject.message, HasSubstr(one.named));
    EXPECT_TRUE(logged("refused"));
    EXPECT_TRUE(logged(one.named)) << log_text_.str();
  }
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileWords, EndTheConnectionOfAMemberToo) {
  expect_thrown_out({{0, 0, 0, 0}});
  expect_thrown_out(control("nonsense"));
  EXPECT_TRUE(logged("member left"));
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileWords, AHugeMessageThatFitsIsReadAndItsTextsCut) {
  RawPeer& peer = connect();
  std::string text =
      R"({"type":"hello","protocol":1,"role":"client","room":"ROOM1","mac":"02:00:00:00:00:01","name":")";
  text += repeated("\\u001b[31mX\\u202e", (65536 - text.size() - 2) / 17) + "\"}";
  peer.say(control(text));
  run(milliseconds(100));
  ASSERT_NE(seat(1), nullptr);
  EXPECT_LE(seat(1)->name.size(), 32u * 4);
  EXPECT_EQ(seat(1)->name.find('\x1b'), std::string::npos);
}

TEST_F(HostileWords, ASecondHelloEndsIt) { expect_thrown_out(ctrl::encode(hello(2))); }

TEST_F(HostileWords, OnlyTheRelayMaySayWhatTheRelaySays) {
  expect_thrown_out(ctrl::encode(ctrl::Welcome{.peer = PeerId{7}, .mtu = 1500}));
  expect_thrown_out(ctrl::encode(ctrl::Reject{}));
  expect_thrown_out(ctrl::encode(ctrl::PeerJoined{.peer = PeerId{7}, .mac = proto::test::test_mac(7)}));
  expect_thrown_out(ctrl::encode(ctrl::PeerLeft{.peer = PeerId{7}}));
}

TEST_F(HostileWords, NothingButHelloComesFirst) {
  turned_away(ctrl::encode(ctrl::Stats{}));
  turned_away(ctrl::encode(ctrl::Budget{1200}));
  turned_away(ctrl::encode(ctrl::Disconnect{}));
}

TEST_F(HostileWords, AHundredThousandTinyMessagesEndTheConnectionEarly) {
  RawPeer& present = join(2);
  RawPeer& chatty = join(1);
  Bytestring flood;
  const Bytestring tiny = control(R"({"type":"x"})");
  for (int i = 0; i < 100'000; ++i) proto::test::append(flood, tiny);
  chatty.say(flood);
  run_out(chatty);
  expect_closed(chatty, CloseCode::protocol_error);
  EXPECT_THAT(chatty.end()->reason, HasSubstr("too many control messages"));
  EXPECT_THAT(all<ctrl::PeerLeft>(present), SizeIs(1));
  EXPECT_TRUE(logged("too many control messages"));
  EXPECT_TRUE(serves_newcomers());
}

TEST_F(HostileWords, AControlStreamThatIsResetEndsTheConnection) {
  RawPeer& rude = join(1);
  rude.reset_control();
  run(milliseconds(50));
  EXPECT_TRUE(rude.end());
  EXPECT_EQ(seat(1), nullptr);
  EXPECT_TRUE(logged("the control stream was closed"));
}

// Each newcomer is announced to those present, so a crowd that comes and goes fills the stream of who does not read.
TEST_F(HostileWords, AMemberThatNeverReadsIsClosedAndTheOthersAreNotHeldUp) {
  RawPeer& deaf = join(1, {.reads_control = false});
  RawPeer& present = join(2);
  const std::string name = repeated("\xf0\x9f\x8e\xb2", 32);
  int rounds = 0;
  for (; rounds < 5000 && !deaf.end(); ++rounds) {
    RawPeer& passer_by = dial();
    run(milliseconds(4));
    ctrl::Hello words = hello(9);
    words.name = name;
    passer_by.say(ctrl::encode(words));
    passer_by.say(ctrl::encode(ctrl::Disconnect{}));
    run(milliseconds(6));
    forget(passer_by);
  }
  expect_closed(deaf, CloseCode::too_slow);
  EXPECT_TRUE(logged("the control stream was not read"));
  EXPECT_FALSE(present.end());
  EXPECT_GE(all<ctrl::PeerJoined>(present).size(), static_cast<std::size_t>(rounds));
}

TEST_F(HostileWords, StatsOfAnyContentAreKeptInBounds) {
  RawPeer& boaster = join(1);
  std::string drops;
  for (int i = 0; i < 128; ++i)
    drops += (i ? "," : "") + ("\"\\u001b" + std::to_string(i) + repeated("x", 400) + "\":18446744073709551615");
  boaster.say(
      control(R"({"type":"stats","frames_sent":18446744073709551615,"rtt_us":4294967295,"drops":{)" + drops + "}}"));
  run(milliseconds(50));
  ASSERT_NE(seat(1), nullptr);
  ASSERT_TRUE(seat(1)->told_stats);
  EXPECT_EQ(seat(1)->told_stats->frames_sent, UINT64_MAX);
  for (const auto& [reason, count] : seat(1)->told_stats->drops) EXPECT_LE(reason.size(), 256u);
  run(seconds(61));
}

}  // namespace
}  // namespace softlan::hostile
