#include "auth/scram_keys.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace softlan::auth {
namespace {

// The exchange of RFC 7677, section 3.
constexpr std::string_view kPass = "pencil";
constexpr std::string_view kAuthMessage =
    "n=user,r=rOprNGfwEbeRWgbNEkqO,"
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

std::vector<std::uint8_t> salt() { return *parse_base64("W22ZaJ0SNY7soEsUEjb6gQ=="); }

TEST(ScramKeys, ProveThePassAsInTheRfc) {
  const Key salted = salt_pass(kPass, salt(), 4096);
  const Key proof = client_proof(salted, kAuthMessage);
  EXPECT_EQ(to_base64(proof), "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_EQ(to_base64(server_signature(server_key(salted), kAuthMessage)),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  EXPECT_TRUE(proves(stored_key(salted), kAuthMessage, proof));
}

TEST(ScramKeys, ProveNothingElse) {
  const Key salted = salt_pass(kPass, salt(), 4096);
  const Key proof = client_proof(salted, kAuthMessage);
  EXPECT_FALSE(proves(stored_key(salted), "another conversation", proof));
  EXPECT_FALSE(proves(stored_key(salt_pass("pencils", salt(), 4096)), kAuthMessage, proof));
  EXPECT_FALSE(proves(stored_key(salt_pass(kPass, salt(), 4097)), kAuthMessage, proof));
  EXPECT_FALSE(proves(stored_key(salted), kAuthMessage, Key{}));
}

TEST(ASaltedPass, IsThatOfTheLastSaltAndIterations) {
  SaltedPass pass{std::string(kPass)};
  const std::vector<std::uint8_t> other = {1, 2, 3};
  EXPECT_EQ(pass.with(salt(), 4096), salt_pass(kPass, salt(), 4096));
  EXPECT_EQ(pass.with(salt(), 4096), salt_pass(kPass, salt(), 4096));
  EXPECT_EQ(pass.with(salt(), 4097), salt_pass(kPass, salt(), 4097));
  EXPECT_EQ(pass.with(other, 4097), salt_pass(kPass, other, 4097));
}

}  // namespace
}  // namespace softlan::auth
