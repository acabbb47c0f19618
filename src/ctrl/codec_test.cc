#include "ctrl/codec.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "ctrl/validate.h"

namespace softlan::ctrl {
namespace {

constexpr proto::Mac kMac{{0x02, 0x5e, 0x10, 0, 0, 0x0a}};

std::string json_of(const Message& message) {
  const auto bytes = encode(message);
  return {bytes.begin() + 4, bytes.end()};
}

template <typename M>
void expect_round_trip(const M& message) {
  const auto decoded = decode(json_of(message));
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_TRUE(std::holds_alternative<M>(*decoded));
  EXPECT_EQ(std::get<M>(*decoded), message);
}

std::string error_of(std::string_view json) {
  const auto decoded = decode(json);
  return decoded ? "accepted" : decoded.error().message;
}

Hello full_hello() {
  return {.role = Role::gateway,
          .room = "ROOM1",
          .mac = kMac,
          .name = "Ada \"the\" Gateway",
          .software = "lanparty-gateway 0.1.0",
          .capabilities = {"fragment", "echo"},
          .budget = 1414,
          .previous = PeerId{7}};
}

TEST(Codec, PrefixesTheJsonWithItsLengthInFourBytes) {
  const auto bytes = encode(Budget{1168});
  ASSERT_GT(bytes.size(), 4U);
  EXPECT_EQ(load_be32(bytes.data()), bytes.size() - 4);
  EXPECT_EQ(json_of(Budget{1168}), R"({"bytes":1168,"type":"budget"})");
}

TEST(Codec, BringsHelloAcross) {
  expect_round_trip(full_hello());
  expect_round_trip(Hello{.room = "A", .mac = kMac});
}

TEST(Codec, BringsProofsAcross) {
  Hello hello = full_hello();
  hello.scram = "p=tls-exporter,a=gateway/02:5e:10:00:00:0a,n=ROOM1,r=abc";
  hello.found = {.client = "SCRAM-SHA-256$4096:c2FsdA==$a:b", .gateway = "SCRAM-SHA-256$4096:c2FsdA==$c:d"};
  expect_round_trip(hello);
  expect_round_trip(Challenge{"r=abcdef,s=c2FsdA==,i=4096"});
  expect_round_trip(Proof{"c=cD10bHM=,r=abcdef,p=cHJvb2Y="});
  expect_round_trip(Welcome{.peer = PeerId{1}, .mtu = 1500, .scram = "v=c2ln"});
}

TEST(Codec, BringsWelcomeAcross) {
  expect_round_trip(Welcome{.peer = PeerId{65535},
                            .mtu = 1500,
                            .gateway = PeerId{1},
                            .limits = {200, 100, std::numeric_limits<std::uint64_t>::max()},
                            .keep_alive_ms = 5000,
                            .software = "lanparty-relay 0.1.0",
                            .capabilities = {"filler"}});
}

TEST(Codec, BringsEveryRejectAcross) {
  for (int i = 0; i <= static_cast<int>(RejectCode::not_allowed); ++i) {
    expect_round_trip(Reject{static_cast<RejectCode>(i), "The room is full.", i % 2 == 0});
  }
}

TEST(Codec, BringsPeerEventsAcross) {
  expect_round_trip(PeerJoined{PeerId{3}, Role::client, kMac, "Grace"});
  expect_round_trip(PeerLeft{PeerId{3}, "connection lost"});
}

TEST(Codec, BringsStatsAcross) {
  expect_round_trip(Stats{1,
                          2,
                          3,
                          4,
                          5,
                          std::numeric_limits<std::uint64_t>::max(),
                          {{"jumbo", 2}, {"runt", 1}},
                          25000,
                          31000,
                          {.due = 60, .lost = 1},
                          {.due = 58, .lost = 58},
                          1500,
                          3});
  expect_round_trip(Stats{});
}

TEST(Codec, BringsBudgetAndDisconnectAcross) {
  expect_round_trip(Budget{1168});
  expect_round_trip(Disconnect{"shutting down"});
}

TEST(Codec, IgnoresUnknownFields) {
  const auto decoded = decode(R"({"type":"budget","bytes":1200,"colour":"blue","more":{"a":[1,2,{"b":null}]}})");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Budget>(*decoded), Budget{1200});
}

TEST(Codec, GivesAMessageOfUnknownTypeAsUnknown) {
  const auto decoded = decode(R"({"type":"video\u001b","frames":1})");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Unknown>(*decoded).type, "video?");
}

TEST(Codec, UsesDefaultsForOptionalFieldsThatAreMissing) {
  const auto hello = decode(R"({"type":"hello","protocol":1,"role":"client","room":"r","mac":"02-5E-10-00-00-0A"})");
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_EQ(std::get<Hello>(*hello), (Hello{.room = "r", .mac = kMac}));
  const auto welcome = decode(R"({"type":"welcome","protocol":1,"peer":1,"mtu":1400})");
  ASSERT_TRUE(welcome) << welcome.error().message;
  EXPECT_EQ(std::get<Welcome>(*welcome), (Welcome{.peer = PeerId{1}, .mtu = 1400}));
}

TEST(Codec, TakesTheLastOfDuplicatedFields) {
  const auto decoded = decode(R"({"type":"budget","bytes":1200,"bytes":1300})");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Budget>(*decoded), Budget{1300});
}

TEST(Codec, ReadsNothingMoreOfAnotherProtocolVersion) {
  const auto hello = decode(R"({"type":"hello","protocol":2,"role":["any","thing"]})");
  ASSERT_TRUE(hello) << hello.error().message;
  EXPECT_EQ(check_hello(std::get<Hello>(*hello))->code, RejectCode::version);
  const auto welcome = decode(R"({"type":"welcome","protocol":2,"peer":"somebody"})");
  ASSERT_TRUE(welcome) << welcome.error().message;
  EXPECT_EQ(std::get<Welcome>(*welcome), Welcome{.protocol = 2});
}

TEST(Codec, TakesARejectCodeOfALaterVersionForNotAllowed) {
  const auto decoded = decode(R"({"type":"reject","code":"party_over","message":"Come back next year."})");
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(std::get<Reject>(*decoded), (Reject{RejectCode::not_allowed, "Come back next year.", false}));
}

TEST(Codec, CleansAndCutsTextsBothWays) {
  const std::string text = "line\r\n\x1b[2J" + std::string(300, 'x');
  const std::string shown = "line???[2J" + std::string(190, 'x');
  const auto decoded = decode(json_of(Disconnect{text}));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<Disconnect>(*decoded).reason, shown);
  const auto read =
      decode(R"({"type":"peer_joined","peer":2,"role":"client","mac":"02:00:00:00:00:01","name":" \u0007Bob "})");
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<PeerJoined>(*read).name, "?Bob");
}

TEST(Codec, WritesBrokenUtf8WithoutThrowing) {
  EXPECT_EQ(json_of(Disconnect{"caf\xe9"}), R"({"reason":"caf?","type":"disconnect"})");
}

TEST(Codec, KeepsTheLargestMessageUnderTheLimit) {
  Hello hello = full_hello();
  const std::string wide(400, '"');
  hello.room = hello.name = hello.software = wide;
  hello.capabilities.assign(100, wide);
  EXPECT_LE(encode(hello).size(), kMaxMessageSize + 4);
  Stats stats;
  for (int i = 0; i < 500; ++i) stats.drops.emplace_back(fmt::format("{:03}", i) + wide, ~std::uint64_t{0});
  EXPECT_LE(encode(stats).size(), kMaxMessageSize + 4);
  EXPECT_TRUE(decode(json_of(stats)));
}

struct BadMessage {
  std::string_view json;
  std::string_view sentence;
};

class BadMessages : public testing::TestWithParam<BadMessage> {};

TEST_P(BadMessages, AreRefusedWithASentence) { EXPECT_EQ(error_of(GetParam().json), GetParam().sentence); }

constexpr BadMessage kNotMessages[] = {
    {"", "message is not a JSON object"},
    {"{", "message is not a JSON object"},
    {"[]", "message is not a JSON object"},
    {"null", "message is not a JSON object"},
    {R"({"type":"budget","bytes":1} x)", "message is not a JSON object"},
    {"{\"type\":\"\xff\"}", "message is not a JSON object"},
    {"{}", "message has no \"type\""},
    {R"({"type":7})", "message has no \"type\""},
};
INSTANTIATE_TEST_SUITE_P(NotMessages, BadMessages, testing::ValuesIn(kNotMessages));

constexpr BadMessage kBadHellos[] = {
    {R"({"type":"hello"})", "hello: field \"protocol\" is missing"},
    {R"({"type":"hello","protocol":"1"})", "hello: field \"protocol\" is not an integer from 0 to 4294967295"},
    {R"({"type":"hello","protocol":1})", "hello: field \"role\" is missing"},
    {R"({"type":"hello","protocol":1,"role":"king"})", "hello: field \"role\" is not a role"},
    {R"({"type":"hello","protocol":1,"role":1})", "hello: field \"role\" is not text"},
    {R"({"type":"hello","protocol":1,"role":"client"})", "hello: field \"room\" is missing"},
    {R"({"type":"hello","protocol":1,"role":"client","room":5})", "hello: field \"room\" is not text"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R"})", "hello: field \"mac\" is missing"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00"})",
     "hello: field \"mac\" is not a MAC address"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","name":{}})",
     "hello: field \"name\" is not text"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","capabilities":"echo"})",
     "hello: field \"capabilities\" is not a list of at most 32 texts"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","capabilities":[1]})",
     "hello: field \"capabilities\" is not a list of at most 32 texts"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","budget":65536})",
     "hello: field \"budget\" is not an integer from 0 to 65535"},
    {R"({"type":"hello","protocol":1,"role":"client","room":"R","mac":"02:00:00:00:00:01","previous":-1})",
     "hello: field \"previous\" is not an integer from 0 to 65535"},
};
INSTANTIATE_TEST_SUITE_P(Hello, BadMessages, testing::ValuesIn(kBadHellos));

constexpr BadMessage kBadAnswers[] = {
    {R"({"type":"welcome","peer":1,"mtu":1500})", "welcome: field \"protocol\" is missing"},
    {R"({"type":"welcome","protocol":1,"mtu":1500})", "welcome: field \"peer\" is missing"},
    {R"({"type":"welcome","protocol":1,"peer":0,"mtu":1500})",
     "welcome: field \"peer\" is not an integer from 1 to 65535"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1501})",
     "welcome: field \"mtu\" is not an integer from 576 to 1500"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1500.0})",
     "welcome: field \"mtu\" is not an integer from 576 to 1500"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1500,"gateway":70000})",
     "welcome: field \"gateway\" is not an integer from 0 to 65535"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1500,"limits":[]})",
     "welcome: field \"limits\" is not an object"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1500,"limits":{"broadcast_per_second":4294967296}})",
     "welcome: field \"broadcast_per_second\" is not an integer from 0 to 4294967295"},
    {R"({"type":"welcome","protocol":1,"peer":1,"mtu":1500,"keep_alive_ms":30000})",
     "welcome: field \"keep_alive_ms\" is not an integer from 0 to 20000"},
    {R"({"type":"reject"})", "reject: field \"code\" is missing"},
    {R"({"type":"reject","code":3})", "reject: field \"code\" is not text"},
    {R"({"type":"reject","code":"version","retry":"yes"})", "reject: field \"retry\" is not true or false"},
};
INSTANTIATE_TEST_SUITE_P(Answer, BadMessages, testing::ValuesIn(kBadAnswers));

constexpr BadMessage kBadEvents[] = {
    {R"({"type":"peer_joined","peer":0,"role":"client","mac":"02:00:00:00:00:01"})",
     "peer_joined: field \"peer\" is not an integer from 1 to 65535"},
    {R"({"type":"peer_joined","peer":1,"role":"client"})", "peer_joined: field \"mac\" is missing"},
    {R"({"type":"peer_joined","peer":1,"role":"client","mac":"01:00:5e:00:00:01"})",
     "peer_joined: field \"mac\" is not a MAC address a member may use"},
    {R"({"type":"peer_left"})", "peer_left: field \"peer\" is missing"},
    {R"({"type":"peer_left","peer":1,"reason":null})", "peer_left: field \"reason\" is not text"},
    {R"({"type":"stats","frames_sent":-1})",
     "stats: field \"frames_sent\" is not an integer from 0 to 18446744073709551615"},
    {R"({"type":"stats","frames_sent":18446744073709551616})",
     "stats: field \"frames_sent\" is not an integer from 0 to 18446744073709551615"},
    {R"({"type":"stats","drops":[]})", "stats: field \"drops\" is not an object of at most 128 counts"},
    {R"({"type":"stats","drops":{"runt":"1"}})", "stats: field \"drops\" is not an object of at most 128 counts"},
    {R"({"type":"stats","echoes":{"due":1001}})", "stats: field \"due\" is not an integer from 0 to 1000"},
    {R"({"type":"stats","echoes":{"due":5,"lost":6}})", "stats: field \"lost\" is not an integer from 0 to 5"},
    {R"({"type":"stats","gateway_echoes":7})", "stats: field \"gateway_echoes\" is not an object"},
    {R"({"type":"budget"})", "budget: field \"bytes\" is missing"},
    {R"({"type":"budget","bytes":1e9})", "budget: field \"bytes\" is not an integer from 0 to 65535"},
    {R"({"type":"disconnect","reason":1})", "disconnect: field \"reason\" is not text"},
};
INSTANTIATE_TEST_SUITE_P(Event, BadMessages, testing::ValuesIn(kBadEvents));

}  // namespace
}  // namespace softlan::ctrl
