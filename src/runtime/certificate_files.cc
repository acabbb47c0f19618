#include "runtime/certificate_files.h"

#include <chrono>
#include <utility>

#include "base/base64.h"
#include "platform/files.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kMaxFileSize = 256 * 1024;
constexpr std::int64_t kDay = 24 * 60 * 60;
constexpr std::int64_t kSoon = 14 * kDay;

bool same(const quic::KeyedCertificate& a, const quic::KeyedCertificate& b) {
  return a.certificate_pem == b.certificate_pem && a.key_pem == b.key_pem;
}

std::string date(std::int64_t unix_time) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_time)};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

Result<quic::KeyedCertificate> CertificateFiles::read() const {
  auto certificate_pem = platform::read_file(certificate, kMaxFileSize);
  if (!certificate_pem) return std::unexpected(certificate_pem.error());
  auto key_pem = platform::read_file(key, kMaxFileSize);
  if (!key_pem) return std::unexpected(key_pem.error());
  return quic::KeyedCertificate{std::move(*certificate_pem), std::move(*key_pem)};
}

CertificateKeeper::CertificateKeeper(TimePoint now, std::int64_t unix_time, CertificateFiles files,
                                     quic::KeyedCertificate used, Replace replace, obs::Log& log)
    : files_(std::move(files)),
      used_(std::move(used)),
      seen_(used_),
      replace_(std::move(replace)),
      log_(log),
      next_(now + kInterval) {
  describe(unix_time);
}

void CertificateKeeper::on_deadline(TimePoint now, std::int64_t unix_time) {
  next_ = now + kInterval;
  if (unix_time >= next_warning_) warn_of_the_end(unix_time);
  if (files_.certificate.empty()) return;
  auto found = files_.read();
  if (!found) return complain(found.error().message);
  const bool settled = same(*found, seen_);
  seen_ = std::move(*found);
  if (settled && !same(seen_, used_)) take(seen_, unix_time);
}

void CertificateKeeper::reload(std::int64_t unix_time) {
  if (files_.certificate.empty()) return;
  auto found = files_.read();
  if (!found) return complain(found.error().message);
  if (!same(*found, used_)) take(std::move(*found), unix_time);
}

void CertificateKeeper::take(quic::KeyedCertificate found, std::int64_t unix_time) {
  if (auto replaced = replace_(found); !replaced) {
    return complain(fmt::format("{}: {}", files_.certificate, replaced.error().message));
  }
  used_ = std::move(found);
  complaint_.clear();
  describe(unix_time);
}

void CertificateKeeper::complain(const std::string& reason) {
  if (std::exchange(complaint_, reason) == reason) return;
  log_.warn("new certificate not taken, the one before stays", {{"reason", reason}});
}

void CertificateKeeper::describe(std::int64_t unix_time) {
  const auto facts = quic::certificate_facts(used_.certificate_pem);
  const auto pin = quic::certificate_fingerprint(used_.certificate_pem);
  if (!facts || !pin) return;
  facts_ = *facts;
  log_.info("certificate in use", {{"file", files_.certificate.empty() ? "self-made" : files_.certificate},
                                   {"key", facts_.key},
                                   {"ends", date(facts_.not_after)},
                                   {"pin", to_base64url(pin->bytes)}});
  if (facts_.is_rsa) log_.warn("an RSA key makes every join about nine times as costly; get an ECDSA certificate");
  warn_of_the_end(unix_time);
}

void CertificateKeeper::warn_of_the_end(std::int64_t unix_time) {
  next_warning_ = unix_time + kDay;
  if (facts_.not_after < unix_time) {
    log_.warn("the certificate has expired: members who do not pin its key refuse this relay",
              {{"ended", date(facts_.not_after)}});
  } else if (facts_.not_after < unix_time + kSoon) {
    log_.warn("the certificate ends soon", {{"ends", date(facts_.not_after)}});
  }
}

}  // namespace softlan::runtime
