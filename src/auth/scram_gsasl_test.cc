// Interoperability with another implementation of SCRAM-SHA-256-PLUS, GNU SASL, on either side.

#include <gsasl.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "auth/test_exchange.h"
#include "base/base64.h"

namespace softlan::auth {
namespace {

using namespace test;

constexpr const char* kMechanism = "SCRAM-SHA-256-PLUS";

// One side played by GNU SASL.
class Gsasl {
 public:
  using Start = int (*)(::Gsasl*, const char*, Gsasl_session**);
  using Properties = std::map<Gsasl_property, std::string>;

  Gsasl(Start start, const Properties& properties) {
    EXPECT_EQ(gsasl_init(&library_), GSASL_OK);
    gsasl_callback_set(library_, [](::Gsasl*, Gsasl_session*, Gsasl_property what) -> int {
      return what == GSASL_CB_TLS_UNIQUE ? GSASL_NO_CB_TLS_UNIQUE : GSASL_NO_CALLBACK;
    });
    EXPECT_EQ(start(library_, kMechanism, &session_), GSASL_OK);
    for (const auto& [what, text] : properties) EXPECT_EQ(gsasl_property_set(session_, what, text.c_str()), GSASL_OK);
  }
  Gsasl(const Gsasl&) = delete;
  Gsasl& operator=(const Gsasl&) = delete;
  ~Gsasl() {
    gsasl_finish(session_);
    gsasl_done(library_);
  }

  // Its answer to `heard`; outcome() tells how it went.
  std::string step(const std::string& heard) {
    char* said = nullptr;
    std::size_t size = 0;
    outcome_ = gsasl_step(session_, heard.data(), heard.size(), &said, &size);
    const std::string text(said == nullptr ? "" : said, size);
    gsasl_free(said);
    return text;
  }
  [[nodiscard]] int outcome() const { return outcome_; }
  [[nodiscard]] std::string property(Gsasl_property what) const {
    const char* text = gsasl_property_fast(session_, what);
    return text == nullptr ? "" : text;
  }

 private:
  ::Gsasl* library_ = nullptr;
  Gsasl_session* session_ = nullptr;
  int outcome_ = GSASL_OK;
};

class ScramWithGsasl : public testing::Test, protected Exchange {
 protected:
  static std::string binding_text(std::uint8_t number) { return to_base64(binding(number)); }
};

class AGsaslMember : public ScramWithGsasl {
 protected:
  static Gsasl member(std::string_view pass, std::uint8_t bound_to = 1) {
    return {gsasl_client_start,
            {{GSASL_AUTHID, std::string(kRoom)},
             {GSASL_AUTHZID, std::string(kAuthzid)},
             {GSASL_PASSWORD, std::string(pass)},
             {GSASL_CB_TLS_EXPORTER, binding_text(bound_to)}}};
  }
};

TEST_F(AGsaslMember, AndOurRelayBelieveEachOther) {
  Gsasl theirs = member(kPass);
  ScramServer server = make_server(theirs.step(""));
  const auto final = server.on_client_final(theirs.step(server.first()), binding(1));
  ASSERT_TRUE(final);
  EXPECT_EQ(theirs.step(*final), "");
  EXPECT_EQ(theirs.outcome(), GSASL_OK);
}

TEST_F(AGsaslMember, IsUnderstoodByOurRelay) {
  Gsasl theirs = member(kPass);
  const auto first = parse_client_first(theirs.step(""));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->room, kRoom);
  EXPECT_EQ(first->authzid, kAuthzid);
}

TEST_F(AGsaslMember, WithAWrongPassIsKeptOut) {
  Gsasl theirs = member("guess");
  ScramServer server = make_server(theirs.step(""));
  EXPECT_FALSE(server.on_client_final(theirs.step(server.first()), binding(1)));
}

TEST_F(AGsaslMember, OnAnotherConnectionIsKeptOut) {
  Gsasl theirs = member(kPass, 2);
  ScramServer server = make_server(theirs.step(""));
  EXPECT_FALSE(server.on_client_final(theirs.step(server.first()), binding(1)));
}

TEST_F(AGsaslMember, FindsOutARelayThatDoesNotKnowTheVerifier) {
  Gsasl theirs = member(kPass);
  ScramServer server = make_server(theirs.step(""));
  (void)theirs.step(server.first());
  (void)theirs.step("v=" + to_base64(Key{}));
  EXPECT_EQ(theirs.outcome(), GSASL_AUTHENTICATION_ERROR);
}

class AGsaslRelay : public ScramWithGsasl {
 protected:
  static Gsasl relay(std::string_view pass, std::uint8_t bound_to = 1) {
    return {gsasl_server_start,
            {{GSASL_PASSWORD, std::string(pass)},
             {GSASL_SCRAM_ITER, "4096"},
             {GSASL_CB_TLS_EXPORTER, binding_text(bound_to)}}};
  }
};

TEST_F(AGsaslRelay, AndOurMemberBelieveEachOther) {
  Gsasl theirs = relay(kPass);
  const auto final = client.on_server_first(theirs.step(client.first()));
  ASSERT_TRUE(final) << final.error().message;
  EXPECT_TRUE(client.verify_server_final(theirs.step(*final)));
  EXPECT_EQ(theirs.outcome(), GSASL_OK);
  EXPECT_EQ(theirs.property(GSASL_AUTHID), kRoom);
  EXPECT_EQ(theirs.property(GSASL_AUTHZID), kAuthzid);
}

TEST_F(AGsaslRelay, UnderstandsNamesWithCommasAndEqualSigns) {
  Gsasl theirs = relay(kPass);
  (void)theirs.step(ScramClient("a=b,c", "d,=2C", pass, binding(1), random).first());
  EXPECT_EQ(theirs.property(GSASL_AUTHID), "a=b,c");
  EXPECT_EQ(theirs.property(GSASL_AUTHZID), "d,=2C");
}

TEST_F(AGsaslRelay, KeepsAWrongPassOut) {
  Gsasl theirs = relay("another");
  (void)theirs.step(client.on_server_first(theirs.step(client.first())).value());
  EXPECT_EQ(theirs.outcome(), GSASL_AUTHENTICATION_ERROR);
}

TEST_F(AGsaslRelay, KeepsAManInTheMiddleOut) {
  Gsasl theirs = relay(kPass, 2);
  (void)theirs.step(client.on_server_first(theirs.step(client.first())).value());
  EXPECT_NE(theirs.outcome(), GSASL_OK);
  EXPECT_NE(theirs.outcome(), GSASL_NEEDS_MORE);
}

TEST_F(AGsaslRelay, TakesOurVerifier) {
  Gsasl theirs(gsasl_server_start, {{GSASL_SCRAM_ITER, std::to_string(verifier.iterations)},
                                    {GSASL_SCRAM_SALT, to_base64(verifier.salt)},
                                    {GSASL_SCRAM_STOREDKEY, to_base64(verifier.stored_key)},
                                    {GSASL_SCRAM_SERVERKEY, to_base64(verifier.server_key)},
                                    {GSASL_CB_TLS_EXPORTER, binding_text(1)}});
  const auto final = client.on_server_first(theirs.step(client.first()));
  ASSERT_TRUE(final);
  EXPECT_TRUE(client.verify_server_final(theirs.step(*final)));
}

}  // namespace
}  // namespace softlan::auth
