#include "quic/tls.h"

#include <gmock/gmock.h>

#include "quic/test_certificates.h"
#include "quic/test_endpoints.h"

namespace softlan::quic {
namespace {

using namespace test;
using std::chrono::milliseconds;

TEST_F(EndpointTest, ShowsANewCertificateToNewcomersWhileOthersStay) {
  dial();
  run(milliseconds(50));
  const KeyedCertificate renewed = relay_certificate();
  ASSERT_TRUE(relay_tls_->replace_certificate(renewed));
  member_owner_.up[0]->send_frame(now_, kRelayPeer, frame(100));
  run(milliseconds(10));
  EXPECT_EQ(relay_owner_.frames.size(), 1u);
  EXPECT_TRUE(member_owner_.ends.empty());

  use_trust({.ca = *certificate_to_der(renewed.certificate_pem)});
  dial();
  run(milliseconds(50));
  EXPECT_EQ(relay_owner_.up.size(), 2u);
}

TEST_F(EndpointTest, FinishesAHandshakeWithTheCertificateItBeganWith) {
  dial();
  run(milliseconds(3));
  ASSERT_TRUE(relay_owner_.up.empty());
  ASSERT_EQ(relay_->half_open(), 1u);
  ASSERT_TRUE(relay_tls_->replace_certificate(relay_certificate()));
  run(milliseconds(50));
  EXPECT_EQ(relay_owner_.up.size(), 1u);
}

class AReplacement : public EndpointTest {
 protected:
  void expect_refused(const KeyedCertificate& replacement, const std::string& reason) {
    const auto replaced = relay_tls_->replace_certificate(replacement);
    ASSERT_FALSE(replaced);
    EXPECT_THAT(replaced.error().message, testing::HasSubstr(reason));
    dial();
    run(milliseconds(50));
    EXPECT_EQ(member_owner_.up.size(), 1u);
  }
};

TEST_F(AReplacement, WithAnotherCertificatesKeyChangesNothing) {
  expect_refused({relay_certificate().certificate_pem, certificate_.key_pem},
                 "the key does not belong to the certificate");
}

TEST_F(AReplacement, CutInTheMiddleChangesNothing) {
  KeyedCertificate cut = relay_certificate();
  cut.certificate_pem.resize(cut.certificate_pem.size() / 2);
  expect_refused(cut, "the certificate is not readable as PEM");
}

TEST_F(AReplacement, WithoutAKeyChangesNothing) {
  expect_refused({relay_certificate().certificate_pem, ""}, "the key is not readable as PEM");
}

TEST_F(AReplacement, WithALockedKeyChangesNothing) {
  expect_refused({relay_certificate().certificate_pem,
                  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"},
                 "passphrase");
}

TEST(FactsOfACertificate, NameItsKeyAndItsEnd) {
  const std::int64_t now = std::time(nullptr);
  const auto own = certificate_facts(relay_certificate().certificate_pem);
  ASSERT_TRUE(own);
  EXPECT_FALSE(own->is_rsa);
  EXPECT_EQ(own->not_after, kToday + 3650 * kDay);
  const auto rsa = certificate_facts(issue({.algorithm = GNUTLS_PK_RSA, .bits = 2048}).certificate_pem);
  ASSERT_TRUE(rsa);
  EXPECT_TRUE(rsa->is_rsa);
  EXPECT_EQ(rsa->key, "RSA");
  EXPECT_NEAR(static_cast<double>(rsa->not_after), static_cast<double>(now + 90 * kDay), 60.0);
  EXPECT_FALSE(certificate_facts("no certificate"));
}

}  // namespace
}  // namespace softlan::quic
