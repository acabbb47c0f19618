#include "quic/retry.h"

#include <ngtcp2/ngtcp2_crypto.h>

#include "quic/socket_address.h"

namespace softlan::quic {

namespace {
ngtcp2_tstamp to_ts(TimePoint now) { return static_cast<ngtcp2_tstamp>(now.time_since_epoch().count()); }
}  // namespace

Retry::Retry(Random& random) : random_(random) { random_.fill(key_); }

std::size_t Retry::write(TimePoint now, const NetworkPath& path, const ngtcp2_pkt_hd& initial, MutableBytes room) {
  const std::uint16_t hash = initial.dcid.datalen < 2 ? std::uint16_t{0} : load_be16(initial.dcid.data);
  const ConnectionId made = make_initial_id(hash, random_);
  ngtcp2_cid own;
  ngtcp2_cid_init(&own, made.bytes.data(), made.size);
  const QuicPath quic_path(path);
  const ngtcp2_addr& remote = quic_path.get()->remote;
  std::array<std::uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2> token;
  const ngtcp2_ssize token_size =
      ngtcp2_crypto_generate_retry_token2(token.data(), key_.data(), key_.size(), initial.version, remote.addr,
                                          remote.addrlen, &own, &initial.dcid, to_ts(now));
  if (token_size < 0) return 0;
  const ngtcp2_ssize size =
      ngtcp2_crypto_write_retry(room.data(), room.size(), initial.version, &initial.scid, &own, &initial.dcid,
                                token.data(), static_cast<std::size_t>(token_size));
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

std::optional<ConnectionId> Retry::verify(TimePoint now, const NetworkPath& path, const ngtcp2_pkt_hd& initial) const {
  const QuicPath quic_path(path);
  const ngtcp2_addr& remote = quic_path.get()->remote;
  ngtcp2_cid original;
  const int rv = ngtcp2_crypto_verify_retry_token2(&original, initial.token, initial.tokenlen, key_.data(), key_.size(),
                                                   initial.version, remote.addr, remote.addrlen, &initial.dcid,
                                                   static_cast<ngtcp2_duration>(kTokenLife.count()), to_ts(now));
  if (rv != 0) return std::nullopt;
  return ConnectionId::from({original.data, original.datalen});
}

}  // namespace softlan::quic
