// The relay's certificate where somebody else renews it (certbot, an administrator): read at start, and again whenever
// the files have changed, without a restart.
//
// The files are compared by what they hold, a few times a minute: any way of replacing them is noticed. What is new
// counts when it was the same twice, so that a certificate and its key are not taken while they are being replaced one
// after the other. A pair that does not fit is named in the log once, and the one before it stays.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "obs/log.h"
#include "quic/certificate.h"

namespace softlan::runtime {

// Two PEM files: the certificate, its issuers' after it, and its private key.
struct CertificateFiles {
  std::string certificate;
  std::string key;

  [[nodiscard]] Result<quic::KeyedCertificate> read() const;
};

// Tells, in the log, what kind of certificate is in use and when it ends: at start and after every change, and daily
// when it is about to end. Times are seconds since 1970.
class CertificateKeeper {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(5);

  // Puts a certificate into use; after an error the one before stays.
  using Replace = std::function<Result<void>(const quic::KeyedCertificate&)>;

  // `used` is in use now. Empty `files`: nothing is watched (the relay's self-made certificate). Borrows `log`.
  CertificateKeeper(TimePoint now, std::int64_t unix_time, CertificateFiles files, quic::KeyedCertificate used,
                    Replace replace, obs::Log& log);

  void on_deadline(TimePoint now, std::int64_t unix_time);
  [[nodiscard]] TimePoint next_deadline() const { return next_; }
  // Looks at the files now, and believes them at once.
  void reload(std::int64_t unix_time);

  // When the certificate in use ends.
  [[nodiscard]] std::int64_t not_after() const { return facts_.not_after; }

 private:
  void take(quic::KeyedCertificate found, std::int64_t unix_time);
  void complain(const std::string& reason);
  void describe(std::int64_t unix_time);
  void warn_of_the_end(std::int64_t unix_time);

  CertificateFiles files_;
  quic::KeyedCertificate used_;
  quic::KeyedCertificate seen_;  // last time
  Replace replace_;
  obs::Log& log_;
  quic::CertificateFacts facts_;
  std::string complaint_;  // the last, not to be repeated
  TimePoint next_;
  std::int64_t next_warning_ = 0;
};

}  // namespace softlan::runtime
