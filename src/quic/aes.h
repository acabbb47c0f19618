// What QUIC packets are sealed and opened with, by intel-ipsec-mb and the vector instructions of the machine: on
// processors that have VAES a frame's packet takes a third of the time it takes GnuTLS.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"

struct gcm_key_data;

namespace softlan::quic {

// AES-128-GCM (NIST SP 800-38D) with one key. May be used by several threads at once.
class AesGcm {
 public:
  static constexpr std::size_t kKeySize = 16;
  static constexpr std::size_t kNonceSize = 12;
  static constexpr std::size_t kTagSize = 16;
  using Key = std::span<const std::uint8_t, kKeySize>;
  using Nonce = std::span<const std::uint8_t, kNonceSize>;

  // Null when the processor has no AES instructions, or the build no intel-ipsec-mb.
  [[nodiscard]] static std::unique_ptr<AesGcm> make(Key key);

  // Writes plain.size() + kTagSize bytes to `sealed`, which may begin where `plain` does.
  void seal(std::uint8_t* sealed, Bytes plain, Nonce nonce, Bytes associated) const;
  // Writes sealed.size() - kTagSize bytes to `plain`, which may begin where `sealed` does. False when the tag is wrong:
  // what was written then means nothing.
  [[nodiscard]] bool open(std::uint8_t* plain, Bytes sealed, Nonce nonce, Bytes associated) const;

 private:
  struct Wipe {
    void operator()(gcm_key_data* key) const;
  };
  using Expanded = std::unique_ptr<gcm_key_data, Wipe>;
  explicit AesGcm(Expanded key) : key_(std::move(key)) {}

  Expanded key_;
};

// AES-128 (FIPS 197) of single blocks with one key. May be used by several threads at once.
class AesBlock {
 public:
  static constexpr std::size_t kKeySize = 16;
  static constexpr std::size_t kSize = 16;
  using Key = std::span<const std::uint8_t, kKeySize>;
  using Block = std::array<std::uint8_t, kSize>;

  // Null under the same conditions.
  [[nodiscard]] static std::unique_ptr<AesBlock> make(Key key);
  ~AesBlock();

  // `block`: kSize bytes.
  [[nodiscard]] Block encrypt(const std::uint8_t* block) const;

 private:
  static constexpr std::size_t kRounds = 10;
  AesBlock() = default;

  alignas(16) std::array<std::uint8_t, (kRounds + 1) * kSize> round_keys_{};
};

}  // namespace softlan::quic
