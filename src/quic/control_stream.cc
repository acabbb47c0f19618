#include "quic/control_stream.h"

#include <algorithm>

namespace softlan::quic {

bool ControlSendBuffer::append(Bytes bytes) {
  if (bytes.empty()) return true;
  if (bytes_ + bytes.size() > kMaxBytes) return false;
  chunks_.emplace_back(bytes.begin(), bytes.end());
  bytes_ += bytes.size();
  return true;
}

Bytes ControlSendBuffer::unsent() const {
  if (all_sent()) return {};
  return Bytes(chunks_[next_chunk_]).subspan(sent_in_chunk_);
}

void ControlSendBuffer::sent(std::size_t count) {
  sent_in_chunk_ += count;
  if (!all_sent() && sent_in_chunk_ == chunks_[next_chunk_].size()) {
    ++next_chunk_;
    sent_in_chunk_ = 0;
  }
}

void ControlSendBuffer::acknowledged(std::size_t count) {
  acknowledged_in_front_ += count;
  while (!chunks_.empty() && acknowledged_in_front_ >= chunks_.front().size() && next_chunk_ > 0) {
    acknowledged_in_front_ -= chunks_.front().size();
    bytes_ -= chunks_.front().size();
    chunks_.pop_front();
    --next_chunk_;
  }
}

}  // namespace softlan::quic
