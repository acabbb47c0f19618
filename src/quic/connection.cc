#include "quic/connection.h"

#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "quic/callbacks.h"
#include "quic/socket_address.h"
#include "quic/timestamp.h"

namespace softlan::quic {

namespace {

// Before anything was measured: a third of the usual guess, so that a lost first packet is not a second's wait.
constexpr ngtcp2_duration kInitialRtt = 100 * NGTCP2_MILLISECONDS;

// Frames that the shaper holds back go on in steps, not in single packets each with a timer of its own.
constexpr Duration kTimerStep = std::chrono::microseconds(250);

constexpr std::uint64_t kControlWindow = 256 * 1024;
constexpr std::size_t kPacketTag = 16;            // AEAD tag, RFC 9001, section 5.3
constexpr std::size_t kShortHeaderWorst = 1 + 4;  // first byte and the longest packet number
constexpr std::size_t kDatagramFrameHeader = 3;   // type and a two-byte length
constexpr std::size_t kLargestOverIpv6 = 1452;    // 1500 bytes less the IPv6 and UDP headers

ngtcp2_cc_algo to_library(CongestionControl chosen) {
  switch (chosen) {
    case CongestionControl::reno:
      return NGTCP2_CC_ALGO_RENO;
    case CongestionControl::bbr:
      return NGTCP2_CC_ALGO_BBR;
    case CongestionControl::cubic:
      break;
  }
  return NGTCP2_CC_ALGO_CUBIC;
}

ngtcp2_cid to_cid(const ConnectionId& id) {
  ngtcp2_cid cid;
  ngtcp2_cid_init(&cid, id.bytes.data(), id.size);
  return cid;
}

}  // namespace

Connection::Connection(ConnectionHost& host, const TlsContext& tls, const std::string& server_name)
    : host_(host),
      tls_(
          tls,
          [](ngtcp2_crypto_conn_ref* reference) { return static_cast<Connection*>(reference->user_data)->connection_; },
          this, server_name),
      leg_(host.pool(), host.config().queue, host.random().next_u64()),
      shaper_(host.config().uplink_limit),
      is_relay_(tls.side() == Side::relay) {
  ngtcp2_ccerr_default(&close_error_);
  ngtcp2_path_storage_zero(&write_path_);
}

Connection::~Connection() {
  if (connection_) ngtcp2_conn_del(connection_);
}

ngtcp2_settings Connection::make_settings(TimePoint now) const {
  ngtcp2_settings settings;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = to_ts(now);
  settings.handshake_timeout = static_cast<ngtcp2_duration>(host_.config().handshake_timeout.count());
  settings.initial_rtt = kInitialRtt;
  settings.max_tx_udp_payload_size = host_.config().control_segment;  // packets are as long as their room
  settings.no_pmtud = 1;                                              // path_size_ decides
  settings.no_tx_udp_payload_size_shaping = 1;
  settings.rand_ctx.native_handle = &host_.random();
  settings.cc_algo = to_library(host_.config().congestion_control);
  return settings;
}

ngtcp2_transport_params Connection::make_params() const {
  ngtcp2_transport_params params;
  ngtcp2_transport_params_default(&params);
  params.initial_max_streams_bidi = is_relay_ ? 1 : 0;
  params.initial_max_stream_data_bidi_local = kControlWindow;
  params.initial_max_stream_data_bidi_remote = kControlWindow;
  params.initial_max_data = kControlWindow;
  params.max_idle_timeout = static_cast<ngtcp2_duration>(host_.config().idle_timeout.count());
  params.max_datagram_frame_size = 65535;
  params.active_connection_id_limit = 4;
  return params;
}

bool Connection::accept(TimePoint now, const NetworkPath& path, const ngtcp2_pkt_hd& initial,
                        const std::optional<ConnectionId>& original) {
  now_ = now;
  if (!tls_.ready()) return false;
  const ConnectionId own = host_.new_id();
  const ngtcp2_cid own_cid = to_cid(own);
  ngtcp2_settings settings = make_settings(now);
  ngtcp2_transport_params params = make_params();
  params.original_dcid = original ? to_cid(*original) : initial.dcid;
  params.original_dcid_present = 1;
  if (original) {
    settings.token = initial.token;
    settings.tokenlen = initial.tokenlen;
    settings.token_type = NGTCP2_TOKEN_TYPE_RETRY;
    params.retry_scid = initial.dcid;
    params.retry_scid_present = 1;
  }
  params.stateless_reset_token_present = 1;
  const auto& key = host_.config().reset_key;
  if (ngtcp2_crypto_generate_stateless_reset_token(params.stateless_reset_token, key.data(), key.size(), &own_cid)) {
    return false;
  }
  const QuicPath quic_path(path);
  if (!start(ngtcp2_conn_server_new(&connection_, &initial.scid, &own_cid, quic_path.get(), initial.version,
                                    &relay_callbacks(), &settings, &params, nullptr, this))) {
    return false;
  }
  host_.add_id(own, *this);
  host_.add_id(ConnectionId::from({initial.dcid.data, initial.dcid.datalen}), *this);
  return true;
}

bool Connection::dial(TimePoint now, const NetworkPath& path, std::uint16_t room_hash) {
  now_ = now;
  if (!tls_.ready()) return false;
  const ConnectionId own = host_.new_id();
  const ngtcp2_cid own_cid = to_cid(own);
  const ngtcp2_cid initial_cid = to_cid(make_initial_id(room_hash, host_.random()));
  ngtcp2_settings settings = make_settings(now);
  ngtcp2_transport_params params = make_params();
  const QuicPath quic_path(path);
  if (!start(ngtcp2_conn_client_new(&connection_, &initial_cid, &own_cid, quic_path.get(), NGTCP2_PROTO_VER_V1,
                                    &member_callbacks(), &settings, &params, nullptr, this))) {
    return false;
  }
  host_.add_id(own, *this);
  return true;
}

bool Connection::start(int rv) {
  if (rv != 0) return false;
  ngtcp2_conn_set_tls_native_handle(connection_, tls_.native());
  if (!is_relay_) {
    ngtcp2_conn_set_keep_alive_timeout(connection_, static_cast<ngtcp2_duration>(host_.config().keep_alive.count()));
  }
  return true;
}

int Connection::on_handshake_completed() {
  const auto identity = tls_.peer_identity();
  const auto binding = tls_.channel_binding();
  if (!tls_.has_our_protocol() || !identity || !binding) return NGTCP2_ERR_CALLBACK_FAILURE;
  peer_identity_ = *identity;
  channel_binding_ = *binding;
  const ngtcp2_transport_params* remote = ngtcp2_conn_get_remote_transport_params(connection_);
  if (remote->max_datagram_frame_size < datagram_budget() + kDatagramFrameHeader) {
    fail({.fault = link::LinkFault::no_datagrams, .code = 0, .reason = "the other side does not take QUIC datagrams"});
    return 0;
  }
  if (!is_relay_ && ngtcp2_conn_open_bidi_stream(connection_, &control_stream_, nullptr) != 0) {
    return NGTCP2_ERR_CALLBACK_FAILURE;
  }
  if (state_ == State::handshaking) state_ = State::up;
  up_pending_ = true;
  path_size_.start(largest_payload());
  return 0;
}

void Connection::on_datagram(Bytes datagram) {
  if (state_ != State::up) return;
  link::Leg::Incoming incoming = leg_.on_datagram(now_, datagram);
  if (incoming.ready) {
    incoming.received.from = this;
    host_.received(std::move(incoming.received));
  } else if (incoming.drop != obs::DropReason::none && incoming.drop != obs::DropReason::filler) {
    host_.bad_datagram(*this, incoming.drop);
  }
}

void Connection::on_packet(TimePoint now, const ReceivedPacket& packet) {
  if (state_ == State::dead || state_ == State::failing) return;
  now_ = now;
  last_read_ = now;
  if (unanswered_++ == 0) unanswered_since_ = now;
  bytes_received_ += packet.data.size();
  const QuicPath path(packet.path);
  ngtcp2_pkt_info info{};
  info.ecn = packet.ecn;
  const int rv =
      ngtcp2_conn_read_pkt(connection_, path.get(), &info, packet.data.data(), packet.data.size(), to_ts(now));
  if (rv != 0) on_read_error(rv);
  if (std::exchange(has_round_trip_, false)) {
    ceiling_.on_round_trip(now, Duration(static_cast<std::int64_t>(congestion().latest_rtt)));
  }
  control_blocked_ = false;  // credit for the whole connection comes without a callback
  if (state_ == State::up) update_budget();
  host_.wants_turn(*this);
}

void Connection::migrate(TimePoint now, const SocketAddress& local) {
  now_ = now;
  if (state_ != State::up) return;
  const QuicPath path({local, peer_address()});
  if (ngtcp2_conn_initiate_immediate_migration(connection_, path.get(), to_ts(now)) == 0) {
    path_size_.start(largest_payload());
    ceiling_.start();
  }
  host_.wants_turn(*this);
}

TimePoint Connection::next_deadline() const {
  if (state_ == State::dead) return kNever;
  TimePoint expiry = from_ts(ngtcp2_conn_get_expiry(connection_));
  const TimePoint patient = last_read_ + kPatience;
  if (state_ == State::up && control_out_.all_sent() && expiry < patient)
    expiry = std::min(patient, expiry + kPatience);
  const TimePoint answer = answer_deadline() > now_ ? answer_deadline() : kNever;
  return std::min(
      {expiry, answer, leg_.next_deadline(), path_size_.next_deadline(), shaper_deadline(), close_deadline_});
}

TimePoint Connection::shaper_deadline() const {
  return leg_.idle() || shaper_.opens_at() <= now_ ? kNever : shaper_.opens_at() + kTimerStep;
}

void Connection::on_deadline(TimePoint now) {
  now_ = now;
  if (state_ == State::dead || state_ == State::failing) return;
  leg_.on_deadline(now);
  path_size_.on_deadline(now);
  if (state_ == State::up) update_budget();
  if (from_ts(ngtcp2_conn_get_expiry(connection_)) <= now) {
    const int rv = ngtcp2_conn_handle_expiry(connection_, to_ts(now));
    if (rv == NGTCP2_ERR_IDLE_CLOSE || rv == NGTCP2_ERR_HANDSHAKE_TIMEOUT) {
      end_ = {.fault = link::LinkFault::timeout, .code = 0, .reason = "no answer"};
      die();
    } else if (rv != 0) {
      on_read_error(rv);
    }
  }
  host_.wants_turn(*this);
}

void Connection::send_frame(TimePoint now, PeerId sender, FrameRef frame) {
  if (state_ != State::up) return leg_.refuse(obs::DropReason::link_down);
  leg_.push_frame(now, sender, std::move(frame));
  host_.wants_turn(*this);
}

void Connection::send_echo(TimePoint, PeerId sender, const proto::Echo& echo) {
  if (state_ != State::up) return;
  leg_.push_echo(sender, echo);
  host_.wants_turn(*this);
}

bool Connection::send_control(Bytes bytes) {
  if (state_ != State::up) return true;
  host_.wants_turn(*this);
  return control_out_.append(bytes);
}

void Connection::set_keep_alive(Duration silence) {
  ngtcp2_conn_set_keep_alive_timeout(connection_, static_cast<ngtcp2_duration>(silence.count()));
}

SocketAddress Connection::peer_address() const {
  return connection_ ? to_network_path(*ngtcp2_conn_get_path(connection_)).remote : SocketAddress{};
}

ngtcp2_conn_info Connection::congestion() const {
  ngtcp2_conn_info info;
  ngtcp2_conn_get_conn_info(connection_, &info);
  return info;
}

link::LinkStats Connection::stats() const {
  const ngtcp2_conn_info info = congestion();
  return {.rtt = Duration(static_cast<std::int64_t>(info.smoothed_rtt)),
          .budget = budget_,
          .queued_bytes = leg_.queued_bytes(),
          .queued_since = leg_.queued_since(),
          .packets_lost = packets_lost_,
          .bytes_sent = bytes_sent_,
          .bytes_received = bytes_received_};
}

// What both ends take and an Ethernet between them carries.
std::size_t Connection::largest_payload() const {
  const std::size_t largest = peer_address().ip.family == IpAddress::Family::v6 ? kLargestOverIpv6 : kPathSizes.back();
  return std::min<std::size_t>(largest, ngtcp2_conn_get_path_max_tx_udp_payload_size(connection_));
}

std::size_t Connection::datagram_budget() const {
  const std::size_t payload = path_size_.limit();
  const std::size_t destination_id = ngtcp2_conn_get_dcid(connection_)->datalen;
  return payload - kShortHeaderWorst - destination_id - kPacketTag - kDatagramFrameHeader;
}

void Connection::update_budget() {
  const std::size_t budget = datagram_budget();
  if (budget == budget_) return;
  budget_ = budget;
  budget_pending_ = true;
}

void Connection::deliver(TimePoint now, link::LinkOwner& owner) {
  now_ = now;
  if (std::exchange(up_pending_, false) && state_ == State::up) {
    owner_knows_ = true;
    update_budget();
    budget_pending_ = false;
    owner.on_link_up(now, *this);
  }
  if (!control_in_.empty()) {
    const std::vector<std::uint8_t> bytes = std::exchange(control_in_, {});
    if (owner_knows_) owner.on_control(now, *this, bytes);
  }
  if (std::exchange(budget_pending_, false) && owner_knows_) owner.on_budget(now, *this, budget_);
}

}  // namespace softlan::quic
