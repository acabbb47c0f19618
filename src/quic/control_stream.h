// Bytes of the control stream on their way out: kept until the peer has acknowledged them, bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "base/bytes.h"

namespace softlan::quic {

class ControlSendBuffer {
 public:
  static constexpr std::size_t kMaxBytes = 256 * 1024;

  // False, and nothing kept, when the peer has too much unread already.
  [[nodiscard]] bool append(Bytes bytes);
  // The next bytes to put into a packet; empty when all have been sent. Stable until acknowledged.
  [[nodiscard]] Bytes unsent() const;
  void sent(std::size_t count);
  void acknowledged(std::size_t count);

  [[nodiscard]] bool all_sent() const { return next_chunk_ == chunks_.size(); }
  [[nodiscard]] bool all_acknowledged() const { return chunks_.empty(); }

 private:
  std::deque<std::vector<std::uint8_t>> chunks_;
  std::size_t bytes_ = 0;
  std::size_t acknowledged_in_front_ = 0;
  std::size_t next_chunk_ = 0;  // first chunk with unsent bytes
  std::size_t sent_in_chunk_ = 0;
};

}  // namespace softlan::quic
