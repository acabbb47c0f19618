#include "quic/callbacks.h"

#include <ngtcp2/ngtcp2_crypto.h>

#include <cstring>

#include "quic/connection.h"
#include "quic/packet_key.h"

namespace softlan::quic {

namespace {
Connection& self(void* user_data) { return *static_cast<Connection*>(user_data); }
}  // namespace

void fill_random(std::uint8_t* out, std::size_t size, const ngtcp2_rand_ctx* context) {
  static_cast<Random*>(context->native_handle)->fill({out, size});
}

// A friend of Connection: each function records what happened and returns to the library.
struct Callbacks {
  static int handshake_completed(ngtcp2_conn*, void* user_data) { return self(user_data).on_handshake_completed(); }

  static int recv_stream_data(ngtcp2_conn* connection, std::uint32_t, std::int64_t stream, std::uint64_t,
                              const std::uint8_t* data, std::size_t size, void* user_data, void*) {
    Connection& me = self(user_data);
    // A member may open one stream (make_params), so this is the control stream.
    me.control_stream_ = stream;
    me.control_in_.insert(me.control_in_.end(), data, data + size);
    ngtcp2_conn_extend_max_stream_offset(connection, stream, size);
    ngtcp2_conn_extend_max_offset(connection, size);
    return 0;
  }

  static int acked_stream_data(ngtcp2_conn*, std::int64_t, std::uint64_t, std::uint64_t size, void* user_data, void*) {
    self(user_data).control_out_.acknowledged(size);
    return 0;
  }

  static int stream_open(ngtcp2_conn*, std::int64_t stream, void* user_data) {
    self(user_data).control_stream_ = stream;
    return 0;
  }

  // The control stream lives as long as the connection.
  static int stream_close(ngtcp2_conn*, std::uint32_t, std::int64_t, std::uint64_t, void* user_data, void*) {
    self(user_data).control_stream_lost();
    return 0;
  }
  static int stream_reset(ngtcp2_conn*, std::int64_t, std::uint64_t, std::uint64_t, void* user_data, void*) {
    self(user_data).control_stream_lost();
    return 0;
  }

  static int extend_max_stream_data(ngtcp2_conn*, std::int64_t, std::uint64_t, void* user_data, void*) {
    self(user_data).control_blocked_ = false;
    return 0;
  }

  static int recv_datagram(ngtcp2_conn*, std::uint32_t, const std::uint8_t* data, std::size_t size, void* user_data) {
    self(user_data).on_datagram({data, size});
    return 0;
  }

  static int ack_datagram(ngtcp2_conn*, std::uint64_t tag, void* user_data) {
    Connection& me = self(user_data);
    me.path_size_.on_acknowledged(me.now_, tag);
    me.ceiling_.on_acknowledged();
    me.has_round_trip_ = true;
    return 0;
  }

  static int lost_datagram(ngtcp2_conn*, std::uint64_t, void* user_data) {
    ++self(user_data).packets_lost_;
    self(user_data).ceiling_.on_lost();
    return 0;
  }

  static int recv_stateless_reset(ngtcp2_conn*, const ngtcp2_pkt_stateless_reset*, void* user_data) {
    self(user_data).reset_by_peer_ = true;
    return 0;
  }

  static int get_new_connection_id(ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t, void* user_data) {
    Connection& me = self(user_data);
    const ConnectionId made = me.host_.new_id();
    ngtcp2_cid_init(id, made.bytes.data(), made.size);
    const auto& key = me.host_.config().reset_key;
    if (ngtcp2_crypto_generate_stateless_reset_token(token, key.data(), key.size(), id) != 0) {
      return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    me.host_.add_id(made, me);
    return 0;
  }

  static int remove_connection_id(ngtcp2_conn*, const ngtcp2_cid* id, void* user_data) {
    self(user_data).host_.remove_id(ConnectionId::from({id->data, id->datalen}));
    return 0;
  }

  static int get_path_challenge_data(ngtcp2_conn*, std::uint8_t* data, void* user_data) {
    self(user_data).host_.random().fill({data, NGTCP2_PATH_CHALLENGE_DATALEN});
    return 0;
  }

  static ngtcp2_callbacks common() {
    ngtcp2_callbacks callbacks{};
    use_packet_keys(callbacks);
    callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
    callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    callbacks.rand = fill_random;
    callbacks.handshake_completed = handshake_completed;
    callbacks.recv_stream_data = recv_stream_data;
    callbacks.acked_stream_data_offset = acked_stream_data;
    callbacks.stream_close = stream_close;
    callbacks.stream_reset = stream_reset;
    callbacks.extend_max_stream_data = extend_max_stream_data;
    callbacks.recv_datagram = recv_datagram;
    callbacks.ack_datagram = ack_datagram;
    callbacks.lost_datagram = lost_datagram;
    callbacks.recv_stateless_reset = recv_stateless_reset;
    callbacks.get_new_connection_id = get_new_connection_id;
    callbacks.remove_connection_id = remove_connection_id;
    callbacks.get_path_challenge_data = get_path_challenge_data;
    return callbacks;
  }
};

const ngtcp2_callbacks& relay_callbacks() {
  static const ngtcp2_callbacks callbacks = [] {
    ngtcp2_callbacks made = Callbacks::common();
    made.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    made.stream_open = Callbacks::stream_open;
    return made;
  }();
  return callbacks;
}

const ngtcp2_callbacks& member_callbacks() {
  static const ngtcp2_callbacks callbacks = [] {
    ngtcp2_callbacks made = Callbacks::common();
    made.client_initial = ngtcp2_crypto_client_initial_cb;
    made.recv_retry = ngtcp2_crypto_recv_retry_cb;
    return made;
  }();
  return callbacks;
}

}  // namespace softlan::quic
