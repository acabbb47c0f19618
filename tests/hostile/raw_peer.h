// A QUIC peer without manners: ngtcp2 and GnuTLS with nothing of ours above them.
//
// It says and sends exactly the bytes a test gives it, as a member or as a relay, and remembers what it was told. It
// keeps the rules of QUIC itself, because a packet that breaks those never reaches our code.
#pragma once

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/packet_batch.h"
#include "base/random.h"
#include "base/time.h"
#include "quic/certificate.h"

namespace softlan::hostile {

// A UDP payload on its way.
struct Packet {
  std::vector<std::uint8_t> data;
  NetworkPath path;  // as the sender sees it
};
using Packets = std::deque<Packet>;

struct RawConfig {
  const quic::KeyedCertificate* certificate = nullptr;  // borrowed; null or empty: shows none
  std::string alpn = "lanparty/1";
  std::uint32_t version = NGTCP2_PROTO_VER_V1;
  std::size_t own_id_size = 4;
  std::uint64_t max_datagram = 65535;
  bool reads_control = true;  // false: never gives credit for more of the control stream
};

// What a connection was closed with.
struct RawEnd {
  bool by_application = false;
  std::uint64_t code = 0;
  std::string reason;
};

class RawPeer {
 public:
  // As a member, from `path.local` to a relay at `path.remote`.
  RawPeer(TimePoint now, RawConfig config, Random& random, const NetworkPath& path);
  // As a relay, to whoever sent `initial`.
  RawPeer(TimePoint now, RawConfig config, Random& random, const NetworkPath& path, Bytes initial);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  void on_packet(TimePoint now, Bytes packet);
  void write(TimePoint now, Packets& out);

  // Bytes for the control stream, and one QUIC DATAGRAM, sent as soon as the connection is up and lets them.
  void say(Bytes bytes) { said_.emplace_back(bytes.begin(), bytes.end()); }
  void send(Bytes datagram) { datagrams_.emplace_back(datagram.begin(), datagram.end()); }
  void reset_control();
  // The next packets are sealed with new keys (RFC 9001, section 6).
  void change_keys(TimePoint now);
  // CONNECTION_CLOSE of the application.
  void close(TimePoint now, std::uint64_t code, std::string_view reason, Packets& out);

  [[nodiscard]] const NetworkPath& path() const { return path_; }
  [[nodiscard]] bool is_up() const { return up_ && !end_; }
  [[nodiscard]] bool is_idle() const { return datagrams_.empty() && next_said_ == said_.size(); }
  [[nodiscard]] const std::optional<RawEnd>& end() const { return end_; }
  [[nodiscard]] Bytes heard() const { return heard_; }
  [[nodiscard]] const std::vector<std::vector<std::uint8_t>>& datagrams() const { return datagrams_heard_; }

 private:
  struct Callbacks;

  void open_tls(bool is_relay);
  [[nodiscard]] ngtcp2_settings settings(TimePoint now);
  [[nodiscard]] ngtcp2_transport_params params(bool is_relay) const;
  ngtcp2_ssize write_one(TimePoint now, MutableBytes room);
  ngtcp2_ssize write_control(TimePoint now, MutableBytes room);
  void check(int rv);

  RawConfig config_;
  Random& random_;
  NetworkPath path_;
  ngtcp2_crypto_conn_ref reference_{};
  ngtcp2_conn* connection_ = nullptr;
  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_session_t tls_ = nullptr;

  bool up_ = false;
  std::optional<RawEnd> end_;
  std::int64_t stream_ = -1;
  bool stream_blocked_ = false;
  std::deque<std::vector<std::uint8_t>> said_;  // all that was ever said: the library keeps pointers
  std::size_t next_said_ = 0;
  std::size_t sent_of_next_ = 0;
  std::deque<std::vector<std::uint8_t>> datagrams_;
  std::vector<std::uint8_t> heard_;
  std::vector<std::vector<std::uint8_t>> datagrams_heard_;
};

}  // namespace softlan::hostile
