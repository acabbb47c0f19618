#include "runtime/certificate_files.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include "platform/files.h"
#include "quic/tls.h"

namespace softlan::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kToday = 1780000000;  // 2026-05-28
constexpr std::int64_t kDay = 24 * 60 * 60;
const std::string kName = "relay.example.org";

quic::KeyedCertificate certificate() { return *quic::generate_relay_certificate({&kName, 1}, kToday); }

class CertificateFilesOfARelay : public testing::Test {
 protected:
  CertificateFilesOfARelay() {
    std::filesystem::remove_all(directory_);
    write(first_);
  }
  ~CertificateFilesOfARelay() override { std::filesystem::remove_all(directory_); }

  void write(const quic::KeyedCertificate& pair) {
    ASSERT_TRUE(platform::write_public_file(files_.certificate, pair.certificate_pem));
    ASSERT_TRUE(platform::write_private_file(files_.key, pair.key_pem));
  }

  void pass(int polls = 1) {
    for (int i = 0; i < polls; ++i) {
      log_text_.str("");
      now_ = keeper_.next_deadline();
      keeper_.on_deadline(now_, time_);
    }
  }
  [[nodiscard]] std::string log() const { return log_text_.str(); }

  std::string directory_ =
      testing::TempDir() + "/softlan-certificate-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  CertificateFiles files_{directory_ + "/fullchain.pem", directory_ + "/privkey.pem"};
  quic::KeyedCertificate first_ = certificate(), second_ = certificate();
  std::unique_ptr<quic::TlsContext> tls_ = *quic::TlsContext::for_relay(first_);
  std::ostringstream log_text_;
  obs::Log log_ = obs::Log::to(log_text_, obs::Level::info, obs::LogFormat::text);
  TimePoint now_{std::chrono::seconds(1)};
  std::int64_t time_ = kToday;
  CertificateKeeper keeper_{
      now_, time_, files_, first_, [this](const auto& found) { return tls_->replace_certificate(found); }, log_};
};

TEST_F(CertificateFilesOfARelay, AreDescribedAtTheStart) {
  EXPECT_THAT(log(), HasSubstr("certificate in use file=" + files_.certificate));
  EXPECT_THAT(log(), HasSubstr("ends=2036-05-25"));
  EXPECT_THAT(log(), Not(HasSubstr("warn")));
  EXPECT_EQ(keeper_.not_after(), kToday + 3650 * kDay);
}

TEST_F(CertificateFilesOfARelay, AreLeftAloneWhileTheyStayAsTheyAre) {
  pass(3);
  EXPECT_EQ(log(), "");
}

TEST_F(CertificateFilesOfARelay, AreTakenOnceTheyHaveSettled) {
  write(second_);
  pass();
  EXPECT_EQ(log(), "");
  pass();
  EXPECT_THAT(log(), HasSubstr("certificate in use"));
  pass();
  EXPECT_EQ(log(), "");
}

TEST_F(CertificateFilesOfARelay, AreNotTakenWhileTheyAreBeingReplaced) {
  ASSERT_TRUE(platform::write_public_file(files_.certificate, second_.certificate_pem));
  pass();
  write(second_);
  pass();
  EXPECT_EQ(log(), "");
  pass();
  EXPECT_THAT(log(), HasSubstr("certificate in use"));
}

TEST_F(CertificateFilesOfARelay, AreTakenAtOnceWhenAskedTo) {
  log_text_.str("");
  write(second_);
  keeper_.reload(time_);
  EXPECT_THAT(log(), HasSubstr("certificate in use"));
}

TEST_F(CertificateFilesOfARelay, AreNamedOnceWhenTheyDoNotFit) {
  write({second_.certificate_pem, first_.key_pem});
  pass(2);
  EXPECT_THAT(log(), HasSubstr("the one before stays"));
  EXPECT_THAT(log(), HasSubstr("the key does not belong to the certificate"));
  pass();
  EXPECT_EQ(log(), "");
  write(second_);
  pass(2);
  EXPECT_THAT(log(), HasSubstr("certificate in use"));
}

TEST_F(CertificateFilesOfARelay, MayBeAwayForAWhile) {
  std::filesystem::remove(files_.key);
  pass();
  EXPECT_THAT(log(), HasSubstr(files_.key));
  pass();
  EXPECT_EQ(log(), "");
  write(second_);
  pass(2);
  EXPECT_THAT(log(), HasSubstr("certificate in use"));
}

TEST_F(CertificateFilesOfARelay, AreWarnedOfOnceADayBeforeTheirEnd) {
  time_ = keeper_.not_after() - 15 * kDay;
  pass();
  EXPECT_EQ(log(), "");
  time_ += kDay + 1;
  pass();
  EXPECT_THAT(log(), HasSubstr("the certificate ends soon ends=2036-05-25"));
  pass();
  EXPECT_EQ(log(), "");
  time_ += kDay;
  pass();
  EXPECT_THAT(log(), HasSubstr("ends soon"));
  time_ = keeper_.not_after() + 1;
  pass();
  EXPECT_THAT(log(), HasSubstr("has expired"));
}

TEST_F(CertificateFilesOfARelay, AreReadOnlyWhenTheyAreThere) {
  std::filesystem::remove(files_.certificate);
  const auto read = files_.read();
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr(files_.certificate));
}

}  // namespace
}  // namespace softlan::runtime
