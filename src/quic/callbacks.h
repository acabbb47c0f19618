// The functions ngtcp2 calls, as thin shims into Connection.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <cstddef>
#include <cstdint>

namespace softlan::quic {

[[nodiscard]] const ngtcp2_callbacks& relay_callbacks();
[[nodiscard]] const ngtcp2_callbacks& member_callbacks();
// For ngtcp2_settings::rand_ctx, whose native handle is a softlan::Random.
void fill_random(std::uint8_t* out, std::size_t size, const ngtcp2_rand_ctx* context);

}  // namespace softlan::quic
