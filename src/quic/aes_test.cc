#include "quic/aes.h"

#include <gmock/gmock.h>
#include <gnutls/crypto.h>

#include <array>
#include <vector>

#include "base/random.h"

namespace softlan::quic {
namespace {

using Buffer = std::vector<std::uint8_t>;

class AesGcmTest : public testing::Test {
 protected:
  void SetUp() override {
    random_.fill(key_);
    random_.fill(nonce_);
    cipher_ = AesGcm::make(key_);
    if (!cipher_) GTEST_SKIP() << "no intel-ipsec-mb here, or no AES instructions";
  }

  Buffer random(std::size_t size) {
    Buffer made(size);
    random_.fill(made);
    return made;
  }
  Buffer sealed(const Buffer& plain, const Buffer& associated) {
    Buffer made(plain.size() + AesGcm::kTagSize);
    cipher_->seal(made.data(), plain, nonce_, associated);
    return made;
  }
  bool opens(const Buffer& sealed, const Buffer& associated) {
    Buffer plain(sealed.size());
    return cipher_->open(plain.data(), sealed, nonce_, associated);
  }

  SeededRandom random_{11};
  std::array<std::uint8_t, AesGcm::kKeySize> key_{};
  std::array<std::uint8_t, AesGcm::kNonceSize> nonce_{};
  std::unique_ptr<AesGcm> cipher_;
};

// RFC 9001, appendix A.3: the Initial of a server.
TEST_F(AesGcmTest, SealsWhatTheStandardsExampleSays) {
  const Buffer key = {0xcf, 0x3a, 0x53, 0x31, 0x65, 0x3c, 0x36, 0x4c, 0x88, 0xf0, 0xf3, 0x79, 0xb6, 0x06, 0x7e, 0x37};
  const Buffer nonce = {0x0a, 0xc1, 0x49, 0x3c, 0xa1, 0x90, 0x58, 0x53, 0xb0, 0xbb, 0xa0, 0x3f};  // packet number 1
  const Buffer header = {0xc1, 0x00, 0x00, 0x00, 0x01, 0x00, 0x08, 0xf0, 0x67, 0xa5,
                         0x50, 0x2a, 0x42, 0x62, 0xb5, 0x00, 0x40, 0x75, 0x00, 0x01};
  const Buffer payload = {0x02, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x40, 0x5a, 0x02, 0x00, 0x00, 0x56, 0x03, 0x03,
                          0xee, 0xfc, 0xe7, 0xf7, 0xb3, 0x7b, 0xa1, 0xd1, 0x63, 0x2e, 0x96, 0x67, 0x78, 0x25, 0xdd,
                          0xf7, 0x39, 0x88, 0xcf, 0xc7, 0x98, 0x25, 0xdf, 0x56, 0x6d, 0xc5, 0x43, 0x0b, 0x9a, 0x04,
                          0x5a, 0x12, 0x00, 0x13, 0x01, 0x00, 0x00, 0x2e, 0x00, 0x33, 0x00, 0x24, 0x00, 0x1d, 0x00,
                          0x20, 0x9d, 0x3c, 0x94, 0x0d, 0x89, 0x69, 0x0b, 0x84, 0xd0, 0x8a, 0x60, 0x99, 0x3c, 0x14,
                          0x4e, 0xca, 0x68, 0x4d, 0x10, 0x81, 0x28, 0x7c, 0x83, 0x4d, 0x53, 0x11, 0xbc, 0xf3, 0x2b,
                          0xb9, 0xda, 0x1a, 0x00, 0x2b, 0x00, 0x02, 0x03, 0x04};
  const Buffer first_sealed = {0x5a, 0x48, 0x2c, 0xd0, 0x99, 0x1c, 0xd2, 0x5b, 0x0a, 0xac, 0x40, 0x6a};
  const Buffer last_sealed = {0x3d, 0x20, 0x39, 0x8c, 0x27, 0x64, 0x56, 0xcb,
                              0xc4, 0x21, 0x58, 0x40, 0x7d, 0xd0, 0x74, 0xee};
  const auto cipher = AesGcm::make(AesGcm::Key(key));
  Buffer out(payload.size() + AesGcm::kTagSize);
  cipher->seal(out.data(), payload, AesGcm::Nonce(nonce), header);
  EXPECT_THAT(Buffer(out.begin(), out.begin() + 12), testing::ElementsAreArray(first_sealed));
  EXPECT_THAT(Buffer(out.end() - 16, out.end()), testing::ElementsAreArray(last_sealed));
}

TEST_F(AesGcmTest, AgreesWithGnuTlsOnEveryLength) {
  const gnutls_datum_t key{key_.data(), AesGcm::kKeySize};
  gnutls_aead_cipher_hd_t other = nullptr;
  ASSERT_EQ(gnutls_aead_cipher_init(&other, GNUTLS_CIPHER_AES_128_GCM, &key), 0);
  for (std::size_t size = 0; size <= 1500; ++size) {
    const Buffer plain = random(size);
    const Buffer associated = random(size % 31);
    Buffer expected(size + AesGcm::kTagSize);
    std::size_t expected_size = expected.size();
    ASSERT_EQ(gnutls_aead_cipher_encrypt(other, nonce_.data(), nonce_.size(), associated.data(), associated.size(),
                                         AesGcm::kTagSize, plain.data(), size, expected.data(), &expected_size),
              0);
    const Buffer made = sealed(plain, associated);
    ASSERT_EQ(made, expected) << size;
    Buffer opened(size);
    ASSERT_TRUE(cipher_->open(opened.data(), made, nonce_, associated)) << size;
    ASSERT_EQ(opened, plain) << size;
  }
  gnutls_aead_cipher_deinit(other);
}

TEST_F(AesGcmTest, WorksInPlace) {
  const Buffer plain = random(1350);
  const Buffer associated = random(12);
  Buffer buffer = plain;
  buffer.resize(plain.size() + AesGcm::kTagSize);
  cipher_->seal(buffer.data(), {buffer.data(), plain.size()}, nonce_, associated);
  EXPECT_EQ(buffer, sealed(plain, associated));
  ASSERT_TRUE(cipher_->open(buffer.data(), buffer, nonce_, associated));
  buffer.resize(plain.size());
  EXPECT_EQ(buffer, plain);
}

TEST_F(AesGcmTest, OpensNothingThatWasTouched) {
  const Buffer associated = random(12);
  const Buffer good = sealed(random(40), associated);
  ASSERT_TRUE(opens(good, associated));
  for (std::size_t i = 0; i < good.size(); ++i) {
    Buffer touched = good;
    touched[i] ^= 1;
    EXPECT_FALSE(opens(touched, associated)) << i;
  }
  Buffer other = associated;
  other[3] ^= 0x80;
  EXPECT_FALSE(opens(good, other));
}

TEST_F(AesGcmTest, OpensNothingShorterThanATag) {
  for (std::size_t size = 0; size < AesGcm::kTagSize; ++size) EXPECT_FALSE(opens(random(size), {})) << size;
}

class AesBlockTest : public testing::Test {
 protected:
  static AesBlock::Block encrypted(const AesBlock::Block& key, const AesBlock::Block& plain) {
    const auto cipher = AesBlock::make(key);
    return cipher ? cipher->encrypt(plain.data()) : AesBlock::Block{};
  }
  void SetUp() override {
    if (!AesBlock::make(AesBlock::Block{})) GTEST_SKIP() << "no intel-ipsec-mb here, or no AES instructions";
  }
};

TEST_F(AesBlockTest, EncryptsWhatTheStandardsExampleSays) {  // FIPS 197, appendix C.1
  EXPECT_THAT(
      encrypted({0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f},
                {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}),
      testing::ElementsAre(0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5,
                           0x5a));
}

TEST_F(AesBlockTest, MasksHeadersAsQuicDoes) {  // RFC 9001, appendix A.2
  const auto mask =
      encrypted({0x9f, 0x50, 0x44, 0x9e, 0x04, 0xa0, 0xe8, 0x10, 0x28, 0x3a, 0x1e, 0x99, 0x33, 0xad, 0xed, 0xd2},
                {0xd1, 0xb1, 0xc9, 0x8d, 0xd7, 0x68, 0x9f, 0xb8, 0xec, 0x11, 0xd2, 0x42, 0xb1, 0x23, 0xdc, 0x9b});
  EXPECT_THAT(Bytes(mask).first(5), testing::ElementsAre(0x43, 0x7b, 0x9a, 0xec, 0x36));
}

}  // namespace
}  // namespace softlan::quic
