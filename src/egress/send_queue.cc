#include "egress/send_queue.h"

#include <utility>

namespace softlan::egress {

void SendQueue::push(TimePoint now, PeerId sender, FrameRef frame) {
  bytes_ += frame.size();
  ring_.push_back({std::move(frame), sender, now, 0});
  while (bytes_ > bounds_.bytes) {
    counters_.drop(obs::DropReason::queue_full);
    pop();
  }
}

SendQueue::Entry* SendQueue::front(TimePoint now) {
  while (!ring_.empty() && ring_.front().sent == 0 && now - ring_.front().queued > bounds_.age) {
    counters_.drop(obs::DropReason::queue_late);
    pop();
  }
  return ring_.empty() ? nullptr : &ring_.front();
}

void SendQueue::clear(obs::DropReason reason) {
  for (; !ring_.empty(); pop()) counters_.drop(reason);
}

void SendQueue::pop() {
  bytes_ -= ring_.front().frame.size();
  ring_.pop_front();
}

}  // namespace softlan::egress
