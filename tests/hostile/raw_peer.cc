#include "hostile/raw_peer.h"

#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "proto/overlay.h"
#include "quic/callbacks.h"
#include "quic/socket_address.h"

namespace softlan::hostile {

namespace {

constexpr char kPriority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:%DISABLE_TLS13_COMPAT_MODE";
constexpr std::uint64_t kWindow = 256 * 1024;
constexpr std::uint64_t kSmallWindow = 4096;  // of who does not read
constexpr std::size_t kLargestPacket = 1472;

ngtcp2_tstamp to_ts(TimePoint now) { return static_cast<ngtcp2_tstamp>(now.time_since_epoch().count()); }

gnutls_datum_t datum(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())), static_cast<unsigned>(text.size())};
}

ngtcp2_cid random_id(Random& random, std::size_t size) {
  std::array<std::uint8_t, NGTCP2_MAX_CIDLEN> bytes{};
  random.fill(bytes);
  ngtcp2_cid id;
  ngtcp2_cid_init(&id, bytes.data(), size);
  return id;
}

}  // namespace

struct RawPeer::Callbacks {
  static RawPeer& self(void* user_data) { return *static_cast<RawPeer*>(user_data); }

  static int completed(ngtcp2_conn* connection, void* user_data) {
    RawPeer& me = self(user_data);
    me.up_ = true;
    if (!ngtcp2_conn_is_server(connection)) (void)ngtcp2_conn_open_bidi_stream(connection, &me.stream_, nullptr);
    return 0;
  }
  static int stream_open(ngtcp2_conn*, std::int64_t stream, void* user_data) {
    self(user_data).stream_ = stream;
    return 0;
  }
  static int recv_stream(ngtcp2_conn* connection, std::uint32_t, std::int64_t stream, std::uint64_t,
                         const std::uint8_t* data, std::size_t size, void* user_data, void*) {
    RawPeer& me = self(user_data);
    me.heard_.insert(me.heard_.end(), data, data + size);
    if (!me.config_.reads_control) return 0;
    ngtcp2_conn_extend_max_stream_offset(connection, stream, size);
    ngtcp2_conn_extend_max_offset(connection, size);
    return 0;
  }
  static int recv_datagram(ngtcp2_conn*, std::uint32_t, const std::uint8_t* data, std::size_t size, void* user_data) {
    // The other side's probes of the path are no words.
    if (proto::parse_overlay({data, size}).datagram.header.kind == proto::OverlayKind::filler) return 0;
    self(user_data).datagrams_heard_.emplace_back(data, data + size);
    return 0;
  }
  static int more_credit(ngtcp2_conn*, std::int64_t, std::uint64_t, void* user_data, void*) {
    self(user_data).stream_blocked_ = false;
    return 0;
  }
  static int new_id(ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t size, void* user_data) {
    *id = random_id(self(user_data).random_, size);
    self(user_data).random_.fill({token, NGTCP2_STATELESS_RESET_TOKENLEN});
    return 0;
  }
  static int challenge(ngtcp2_conn*, std::uint8_t* data, void* user_data) {
    self(user_data).random_.fill({data, NGTCP2_PATH_CHALLENGE_DATALEN});
    return 0;
  }

  static ngtcp2_callbacks all() {
    ngtcp2_callbacks made{};
    made.client_initial = ngtcp2_crypto_client_initial_cb;
    made.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    made.recv_retry = ngtcp2_crypto_recv_retry_cb;
    made.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
    made.encrypt = ngtcp2_crypto_encrypt_cb;
    made.decrypt = ngtcp2_crypto_decrypt_cb;
    made.hp_mask = ngtcp2_crypto_hp_mask_cb;
    made.update_key = ngtcp2_crypto_update_key_cb;
    made.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
    made.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
    made.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    made.rand = quic::fill_random;
    made.handshake_completed = completed;
    made.stream_open = stream_open;
    made.recv_stream_data = recv_stream;
    made.recv_datagram = recv_datagram;
    made.extend_max_stream_data = more_credit;
    made.get_new_connection_id = new_id;
    made.get_path_challenge_data = challenge;
    return made;
  }
};

RawPeer::RawPeer(TimePoint now, RawConfig config, Random& random, const NetworkPath& path)
    : config_(std::move(config)), random_(random), path_(path) {
  open_tls(false);
  const ngtcp2_callbacks callbacks = Callbacks::all();
  const ngtcp2_settings with = settings(now);
  const ngtcp2_transport_params tells = params(false);
  const ngtcp2_cid own = random_id(random_, config_.own_id_size);
  const ngtcp2_cid first = random_id(random_, 16);
  const quic::QuicPath way(path_);
  check(ngtcp2_conn_client_new(&connection_, &first, &own, way.get(), config_.version, &callbacks, &with, &tells,
                               nullptr, this));
  ngtcp2_conn_set_tls_native_handle(connection_, tls_);
}

RawPeer::RawPeer(TimePoint now, RawConfig config, Random& random, const NetworkPath& path, Bytes initial)
    : config_(std::move(config)), random_(random), path_(path) {
  open_tls(true);
  ngtcp2_pkt_hd header;
  check(ngtcp2_accept(&header, initial.data(), initial.size()));
  const ngtcp2_callbacks callbacks = Callbacks::all();
  const ngtcp2_settings with = settings(now);
  ngtcp2_transport_params tells = params(true);
  tells.original_dcid = header.dcid;
  tells.original_dcid_present = 1;
  const ngtcp2_cid own = random_id(random_, config_.own_id_size);
  const quic::QuicPath way(path_);
  check(ngtcp2_conn_server_new(&connection_, &header.scid, &own, way.get(), header.version, &callbacks, &with, &tells,
                               nullptr, this));
  ngtcp2_conn_set_tls_native_handle(connection_, tls_);
}

RawPeer::~RawPeer() {
  ngtcp2_conn_del(connection_);
  gnutls_deinit(tls_);
  gnutls_certificate_free_credentials(credentials_);
}

void RawPeer::check(int rv) { SOFTLAN_CHECK(rv >= 0); }

void RawPeer::open_tls(bool is_relay) {
  check(gnutls_certificate_allocate_credentials(&credentials_));
  if (config_.certificate && !config_.certificate->certificate_pem.empty()) {
    const gnutls_datum_t certificate = datum(config_.certificate->certificate_pem);
    const gnutls_datum_t key = datum(config_.certificate->key_pem);
    check(gnutls_certificate_set_x509_key_mem(credentials_, &certificate, &key, GNUTLS_X509_FMT_PEM));
  }
  check(gnutls_init(&tls_, (is_relay ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NO_TICKETS));
  check(gnutls_priority_set_direct(tls_, kPriority, nullptr));
  check(is_relay ? ngtcp2_crypto_gnutls_configure_server_session(tls_)
                 : ngtcp2_crypto_gnutls_configure_client_session(tls_));
  check(gnutls_credentials_set(tls_, GNUTLS_CRD_CERTIFICATE, credentials_));
  const gnutls_datum_t alpn = datum(config_.alpn);
  check(gnutls_alpn_set_protocols(tls_, &alpn, 1, 0));
  if (is_relay) gnutls_certificate_server_set_request(tls_, GNUTLS_CERT_REQUEST);
  reference_ = {
      [](ngtcp2_crypto_conn_ref* reference) { return static_cast<RawPeer*>(reference->user_data)->connection_; }, this};
  gnutls_session_set_ptr(tls_, &reference_);
}

ngtcp2_settings RawPeer::settings(TimePoint now) {
  ngtcp2_settings made;
  ngtcp2_settings_default(&made);
  made.initial_ts = to_ts(now);
  made.max_tx_udp_payload_size = kLargestPacket;
  made.no_pmtud = 1;
  made.rand_ctx.native_handle = &random_;
  return made;
}

ngtcp2_transport_params RawPeer::params(bool is_relay) const {
  ngtcp2_transport_params made;
  ngtcp2_transport_params_default(&made);
  made.initial_max_streams_bidi = is_relay ? 1 : 0;
  const std::uint64_t window = config_.reads_control ? kWindow : kSmallWindow;
  made.initial_max_stream_data_bidi_local = window;
  made.initial_max_stream_data_bidi_remote = window;
  made.initial_max_data = window;
  made.max_idle_timeout = 30 * NGTCP2_SECONDS;
  made.max_datagram_frame_size = config_.max_datagram;
  made.active_connection_id_limit = 8;
  return made;
}

void RawPeer::on_packet(TimePoint now, Bytes packet) {
  if (end_) return;
  const quic::QuicPath way(path_);
  const ngtcp2_pkt_info info{};
  const int rv = ngtcp2_conn_read_pkt(connection_, way.get(), &info, packet.data(), packet.size(), to_ts(now));
  if (rv == 0) return;
  const ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(connection_);
  end_ = {.by_application = error->type == NGTCP2_CCERR_TYPE_APPLICATION,
          .code = error->error_code,
          .reason = {reinterpret_cast<const char*>(error->reason), error->reasonlen}};
}

void RawPeer::write(TimePoint now, Packets& out) {
  if (!end_ && ngtcp2_conn_get_expiry(connection_) <= to_ts(now)) {
    if (ngtcp2_conn_handle_expiry(connection_, to_ts(now)) != 0) end_ = RawEnd{.reason = "no answer"};
  }
  std::array<std::uint8_t, kLargestPacket> room{};
  while (!end_) {
    const ngtcp2_ssize size = write_one(now, room);
    if (size < 0) end_ = RawEnd{.reason = ngtcp2_strerror(static_cast<int>(size))};
    if (size <= 0) break;
    out.push_back({{room.begin(), room.begin() + size}, path_});
  }
  if (!end_) ngtcp2_conn_update_pkt_tx_time(connection_, to_ts(now));
}

ngtcp2_ssize RawPeer::write_one(TimePoint now, MutableBytes room) {
  if (up_ && stream_ >= 0 && !stream_blocked_ && next_said_ < said_.size()) return write_control(now, room);
  if (up_ && !datagrams_.empty()) {
    std::vector<std::uint8_t>& next = datagrams_.front();
    const ngtcp2_vec vector{next.data(), next.size()};
    int taken = 0;
    const ngtcp2_ssize size =
        ngtcp2_conn_writev_datagram(connection_, nullptr, nullptr, room.data(), room.size(), &taken,
                                    NGTCP2_WRITE_DATAGRAM_FLAG_NONE, 0, &vector, next.empty() ? 0 : 1, to_ts(now));
    if (taken) datagrams_.pop_front();
    return size;
  }
  return ngtcp2_conn_writev_stream(connection_, nullptr, nullptr, room.data(), room.size(), nullptr,
                                   NGTCP2_WRITE_STREAM_FLAG_NONE, -1, nullptr, 0, to_ts(now));
}

ngtcp2_ssize RawPeer::write_control(TimePoint now, MutableBytes room) {
  std::vector<std::uint8_t>& next = said_[next_said_];
  const ngtcp2_vec vector{next.data() + sent_of_next_, next.size() - sent_of_next_};
  ngtcp2_ssize taken = -1;
  const ngtcp2_ssize size = ngtcp2_conn_writev_stream(connection_, nullptr, nullptr, room.data(), room.size(), &taken,
                                                      NGTCP2_WRITE_STREAM_FLAG_NONE, stream_, &vector, 1, to_ts(now));
  if (taken > 0) sent_of_next_ += static_cast<std::size_t>(taken);
  if (sent_of_next_ == next.size()) {
    ++next_said_;
    sent_of_next_ = 0;
  }
  if (size == NGTCP2_ERR_STREAM_DATA_BLOCKED || size == NGTCP2_ERR_STREAM_SHUT_WR ||
      size == NGTCP2_ERR_STREAM_NOT_FOUND) {
    stream_blocked_ = true;
    return write_one(now, room);
  }
  return size;
}

void RawPeer::reset_control() { check(ngtcp2_conn_shutdown_stream(connection_, 0, stream_, 7)); }

void RawPeer::change_keys(TimePoint now) { check(ngtcp2_conn_initiate_key_update(connection_, to_ts(now))); }

void RawPeer::close(TimePoint now, std::uint64_t code, std::string_view reason, Packets& out) {
  ngtcp2_ccerr error;
  ngtcp2_ccerr_default(&error);
  ngtcp2_ccerr_set_application_error(&error, code, reinterpret_cast<const std::uint8_t*>(reason.data()), reason.size());
  std::array<std::uint8_t, kLargestPacket> room{};
  const ngtcp2_ssize size =
      ngtcp2_conn_write_connection_close(connection_, nullptr, nullptr, room.data(), room.size(), &error, to_ts(now));
  check(static_cast<int>(size));
  out.push_back({{room.begin(), room.begin() + size}, path_});
  end_ = RawEnd{.reason = "closed it"};
}

}  // namespace softlan::hostile
