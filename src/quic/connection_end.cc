// Connection, its end: by the peer, by an error, by the owner, and how the peer is told.
#include <ngtcp2/ngtcp2_crypto.h>

#include <string_view>
#include <utility>

#include "base/text.h"
#include "quic/connection.h"
#include "quic/socket_address.h"
#include "quic/timestamp.h"

namespace softlan::quic {

namespace {

// How long a closing connection waits for its last control bytes to be acknowledged.
constexpr Duration kCloseLinger = std::chrono::milliseconds(300);

}  // namespace

void Connection::on_read_error(int rv) {
  switch (rv) {
    case NGTCP2_ERR_DRAINING:
      end_as_the_peer_said();
      return;
    case NGTCP2_ERR_CLOSING:
      return;
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
      die();
      return;
    case NGTCP2_ERR_CRYPTO: {
      const auto& problem = tls_.certificate_problem();
      ngtcp2_ccerr_set_tls_alert(&close_error_, ngtcp2_conn_get_tls_alert(connection_), nullptr, 0);
      fail(problem
               ? *problem
               : link::LinkEnd{.fault = link::LinkFault::transport, .code = 0, .reason = "the TLS handshake failed"});
      return;
    }
    default:
      ngtcp2_ccerr_set_liberr(&close_error_, rv, nullptr, 0);
      fail({.fault = link::LinkFault::transport, .code = 0, .reason = ngtcp2_strerror(rv)});
  }
}

void Connection::end_as_the_peer_said() {
  link::LinkEnd end;
  const ngtcp2_ccerr* error = ngtcp2_conn_get_ccerr(connection_);
  const std::string_view reason(reinterpret_cast<const char*>(error->reason), error->reasonlen);
  constexpr std::uint64_t kNoApplicationProtocol = NGTCP2_CRYPTO_ERROR | 120;  // TLS alert, RFC 7301
  if (reset_by_peer_) {
    end = {.fault = link::LinkFault::reset, .code = 0, .reason = "the other side has forgotten this connection"};
  } else if (error->type == NGTCP2_CCERR_TYPE_APPLICATION) {
    end = {.fault = link::LinkFault::closed_by_peer, .code = error->error_code, .reason = printable(reason)};
  } else if (error->error_code == kNoApplicationProtocol) {
    end = {.fault = link::LinkFault::wrong_protocol, .code = 0, .reason = "it does not speak lanparty/1"};
  } else {
    end = {.fault = link::LinkFault::transport,
           .code = 0,
           .reason = fmt::format("closed with QUIC error 0x{:x} {}", error->error_code, printable(reason))};
  }
  end_ = std::move(end);
  die();
}

void Connection::fail(link::LinkEnd end) {
  if (state_ == State::dead || state_ == State::failing) return;
  if (state_ != State::closing) end_ = std::move(end);
  state_ = State::failing;
  leg_.abandon();
  host_.wants_turn(*this);
}

void Connection::die() {
  if (state_ == State::closing) end_.reset();
  state_ = State::dead;
  leg_.abandon();
  host_.wants_turn(*this);
}

void Connection::on_unreachable(TimePoint now) {
  now_ = now;
  if (state_ == State::dead) return;
  end_ = {.fault = link::LinkFault::unreachable, .code = 0, .reason = "nobody listens there"};
  die();
}

void Connection::give_way(TimePoint now) {
  now_ = now;
  if (state_ == State::dead) return;
  end_ = {.fault = link::LinkFault::transport, .code = 0, .reason = "too many handshakes at once"};
  die();
}

void Connection::control_stream_lost() {
  if (state_ != State::up) return;
  fail({.fault = link::LinkFault::transport, .code = 0, .reason = "the control stream was closed"});
}

void Connection::close(link::CloseCode code, std::string_view reason) {
  owner_knows_ = false;
  if (state_ == State::dead || state_ == State::failing || state_ == State::closing) {
    end_.reset();
    return;
  }
  close_reason_ = printable(reason, 120);
  ngtcp2_ccerr_set_application_error(&close_error_, static_cast<std::uint64_t>(code),
                                     reinterpret_cast<const std::uint8_t*>(close_reason_.data()), close_reason_.size());
  state_ = state_ == State::up ? State::closing : State::failing;
  leg_.abandon();
  close_deadline_ = now_ + kCloseLinger;
  host_.wants_turn(*this);
}

bool Connection::close_is_due(TimePoint now) const {
  if (state_ != State::closing) return state_ == State::failing;
  const bool nothing_left = control_stream_ < 0 || control_out_.all_acknowledged();
  return nothing_left || now >= close_deadline_;
}

bool Connection::write_close(TimePoint now, SendBatch& batch) {
  const MutableBytes room = batch.reserve(host_.config().max_udp_payload);
  if (room.empty()) return false;
  const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(connection_, &write_path_.path, &write_info_,
                                                               room.data(), room.size(), &close_error_, to_ts(now));
  if (size > 0) {
    batch.commit(static_cast<std::size_t>(size), to_network_path(write_path_.path), write_info_.ecn);
    bytes_sent_ += static_cast<std::size_t>(size);
  }
  state_ = State::dead;
  host_.wants_turn(*this);
  return true;
}

}  // namespace softlan::quic
