#include "runtime/relay_state.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace softlan::runtime {
namespace {

constexpr std::int64_t kToday = 1780000000;

class RelayStateDirectory : public testing::Test {
 protected:
  RelayStateDirectory() { std::filesystem::remove_all(path_); }
  ~RelayStateDirectory() override { std::filesystem::remove_all(path_); }

  RelayState load(std::vector<std::string> names, std::int64_t time = kToday) {
    auto state = load_or_create_relay_state(path_, names, time, random_);
    EXPECT_TRUE(state);
    return *state;
  }

  std::string path_ =
      testing::TempDir() + "/softlan-relay-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  SeededRandom random_{1};
};

TEST_F(RelayStateDirectory, KeepsCertificateAndSecrets) {
  const RelayState first = load({"lanparty-relay.local"});
  EXPECT_TRUE(first.new_certificate);
  const RelayState second = load({"lanparty-relay.local"});
  EXPECT_FALSE(second.new_certificate);
  EXPECT_EQ(first.certificate.certificate_pem, second.certificate.certificate_pem);
  EXPECT_EQ(first.reset_key, second.reset_key);
  EXPECT_EQ(first.door_secret, second.door_secret);
  EXPECT_NE(first.door_secret, first.reset_key);
}

TEST_F(RelayStateDirectory, MakesANewCertificateForANewNameOrAfterItsEnd) {
  const RelayState first = load({"lanparty-relay.local"});
  const RelayState named = load({"lanparty-relay.local", "relay.example.org"});
  EXPECT_TRUE(named.new_certificate);
  EXPECT_NE(first.certificate.certificate_pem, named.certificate.certificate_pem);
  EXPECT_EQ(first.reset_key, named.reset_key);
  constexpr std::int64_t kElevenYears = 11LL * 365 * 24 * 60 * 60;
  EXPECT_TRUE(load({"lanparty-relay.local"}, kToday + kElevenYears).new_certificate);
}

TEST_F(RelayStateDirectory, MakesNoCertificateBesideAGivenOne) {
  const quic::KeyedCertificate given = load({"lanparty-relay.local"}).certificate;
  std::filesystem::remove_all(path_);
  const auto state = load_or_create_relay_state(path_, {}, kToday, random_, given);
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->new_certificate);
  EXPECT_EQ(state->certificate.certificate_pem, given.certificate_pem);
  EXPECT_FALSE(std::filesystem::exists(path_ + "/relay-key.pem"));
}

}  // namespace
}  // namespace softlan::runtime
