// SocketAddress <-> the sockaddr structures ngtcp2 speaks.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include "base/address.h"

namespace softlan::quic {

// A path in ngtcp2's form, with its own storage. Neither copies nor moves: the path points into it.
class QuicPath {
 public:
  explicit QuicPath(const NetworkPath& path);
  QuicPath(const QuicPath&) = delete;
  QuicPath& operator=(const QuicPath&) = delete;

  [[nodiscard]] const ngtcp2_path* get() const { return &storage_.path; }

 private:
  ngtcp2_path_storage storage_;
};

[[nodiscard]] NetworkPath to_network_path(const ngtcp2_path& path);

}  // namespace softlan::quic
