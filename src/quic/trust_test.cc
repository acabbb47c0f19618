#include "quic/trust.h"

#include <gmock/gmock.h>

#include "quic/test_certificates.h"
#include "quic/test_endpoints.h"

namespace softlan::quic {
namespace {

using namespace test;
using std::chrono::milliseconds;
using testing::HasSubstr;

class ARelay : public EndpointTest {
 protected:
  void show(const KeyedCertificate& certificate) {
    certificate_ = certificate;
    relay_tls_ = *TlsContext::for_relay(certificate);
    restart_relay();
  }

  void expect_believed(const std::string& name = kName) {
    dial(name);
    run(milliseconds(100));
    EXPECT_EQ(member_owner_.up.size(), 1u);
    EXPECT_EQ(relay_owner_.up.size(), 1u);
    for (const link::LinkEnd& end : member_owner_.ends) ADD_FAILURE() << end.reason;
  }

  void expect_refused(const std::string& reason, link::LinkFault fault = link::LinkFault::untrusted,
                      const std::string& name = kName) {
    dial(name);
    run(milliseconds(100));
    EXPECT_TRUE(relay_owner_.up.empty());
    ASSERT_EQ(member_owner_.ends.size(), 1u);
    EXPECT_EQ(member_owner_.ends[0].fault, fault);
    EXPECT_THAT(member_owner_.ends[0].reason, HasSubstr(reason));
  }

  [[nodiscard]] static Trust in(const KeyedCertificate& certificate) {
    return {.ca = *certificate_to_der(certificate.certificate_pem)};
  }
  [[nodiscard]] static Trust pin_of(const KeyedCertificate& certificate) {
    return {.pin = certificate_fingerprint(certificate.certificate_pem)->bytes};
  }

  const KeyedCertificate issuer_ = issue({.name = "Party CA", .is_issuer = true});
};

TEST_F(ARelay, IsBelievedByItsOwnCertificateInDerOrPem) {
  use_trust({.ca = {certificate_.certificate_pem.begin(), certificate_.certificate_pem.end()}});
  expect_believed();
}

TEST_F(ARelay, IsBelievedByItsIssuer) {
  show(issue({.issuer = &issuer_}));
  use_trust(in(issuer_));
  expect_believed();
}

TEST_F(ARelay, IsBelievedByItsOwnCertificateWhoeverIssuedThat) {
  show(issue({.issuer = &issuer_}));
  use_trust(in(certificate_));
  expect_believed();
}

TEST_F(ARelay, IsBelievedThroughAnIssuerBetween) {
  const KeyedCertificate between = issue({.name = "Between", .issuer = &issuer_, .is_issuer = true});
  KeyedCertificate own = issue({.issuer = &between});
  own.certificate_pem += between.certificate_pem;
  show(own);
  use_trust(in(issuer_));
  expect_believed();
}

TEST_F(ARelay, IsBelievedWithAnRsaKeyOfTodaysSize) {
  show(issue({.issuer = &issuer_, .algorithm = GNUTLS_PK_RSA, .bits = 2048}));
  use_trust(in(issuer_));
  expect_believed();
}

TEST_F(ARelay, IsRefusedWhenNobodySaidToTrustIt) {
  use_trust(in(relay_certificate()));
  expect_refused("not one this member was told to trust");
}

TEST_F(ARelay, IsRefusedByTheNameOfAnIssuerNobodyTrusts) {
  show(issue({.issuer = &issuer_}));
  use_trust(in(relay_certificate()));
  expect_refused("nor is its issuer CN=Party CA");
}

TEST_F(ARelay, IsRefusedWithAnotherName) {
  expect_refused("not for the name other.example", link::LinkFault::wrong_name, "other.example");
}

TEST_F(ARelay, IsRefusedWhenItsTimeIsOver) {
  show(issue({.issuer = &issuer_, .begins_in_days = -90, .ends_in_days = -1}));
  use_trust(in(issuer_));
  expect_refused("has expired");
}

TEST_F(ARelay, IsRefusedBeforeItsTime) {
  show(issue({.issuer = &issuer_, .begins_in_days = 2}));
  use_trust(in(issuer_));
  expect_refused("not valid yet; is this machine's clock right?");
}

TEST_F(ARelay, IsRefusedWhenItsOwnTrustedCertificateHasExpired) {
  show(issue({.begins_in_days = -90, .ends_in_days = -1}));
  use_trust(in(certificate_));
  expect_refused("has expired");
}

TEST_F(ARelay, IsRefusedWithAWeakKey) {
  show(issue({.issuer = &issuer_, .algorithm = GNUTLS_PK_RSA, .bits = 1024}));
  use_trust(in(issuer_));
  expect_refused("too weak");
}

TEST_F(ARelay, IsRefusedWithACertificateForAnotherPurpose) {
  show(issue({.issuer = &issuer_, .purpose = GNUTLS_KP_TLS_WWW_CLIENT}));
  use_trust(in(issuer_));
  expect_refused("not meant for servers");
}

TEST_F(ARelay, IsRefusedWhenAServerPlaysItsIssuer) {
  const KeyedCertificate other = issue({.name = "other.example", .issuer = &issuer_});
  KeyedCertificate own = issue({.issuer = &other});
  own.certificate_pem += other.certificate_pem;
  show(own);
  use_trust(in(issuer_));
  expect_refused("nor is its issuer CN=other.example");
}

TEST_F(ARelay, IsBelievedByItsPinWhateverItsCertificateSays) {
  show(issue({.begins_in_days = -90, .ends_in_days = -1}));
  use_trust(pin_of(certificate_));
  expect_believed("203.0.113.10");
}

TEST_F(ARelay, IsRefusedWhenItsKeyDiffersFromThePin) {
  use_trust(pin_of(relay_certificate()));
  expect_refused("its key differs from the pin");
}

TEST_F(ARelay, IsNotBelievedByItsIssuerWhenThereIsAPin) {
  show(issue({.issuer = &issuer_}));
  Trust trust = pin_of(relay_certificate());
  trust.ca = in(issuer_).ca;
  use_trust(trust);
  expect_refused("its key differs from the pin");
}

TEST(WhatAMemberIsToldToTrust, HoldsACertificate) {
  const auto tls = TlsContext::for_member(*generate_identity(), {.ca = {'x'}});
  ASSERT_FALSE(tls);
  EXPECT_EQ(tls.error().message, "it holds no certificate in DER or PEM form");
}

}  // namespace
}  // namespace softlan::quic
