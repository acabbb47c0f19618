#include "egress/send_queue.h"

#include <algorithm>
#include <utility>

#include "proto/flow_key.h"

namespace softlan::egress {

void SendQueue::push(TimePoint now, PeerId sender, FrameRef frame) {
  if (flows_.empty()) {
    flows_.resize(kFlows);
    backlog_.resize(kFlows);
  }
  const Index index = place_of(proto::flow_key(frame.bytes(), salt_));
  add(index, {std::move(frame), now, sender, 0});
  Flow& flow = flows_[index];
  if (!std::exchange(flow.listed, true)) {
    flow.deficit = kQuantum;
    append(new_, index);
  }
  while (bytes_ > bounds_.bytes) drop_from_fattest();
}

// The place the flow has, else a free one of its set, else one it must share.
SendQueue::Index SendQueue::place_of(std::uint64_t key) {
  const auto set = static_cast<Index>(key % (kFlows / kWays) * kWays);
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  Index free = kNone;
  for (Index place = set; place < set + kWays; ++place) {
    if (flows_[place].tag == tag) return place;
    if (free == kNone && !flows_[place].listed) free = place;
  }
  if (free == kNone) return set + tag % kWays;
  flows_[free].tag = tag;
  flows_[free].codel = {};
  return free;
}

const SendQueue::Entry* SendQueue::front(TimePoint now, Turn turn) {
  if (begun_.frame) return &begun_;
  for (;;) {
    List& list = new_.head != kNone || turn == Turn::new_flows ? new_ : old_;
    if (list.head == kNone) return nullptr;
    turn_ = list.head;
    Flow& flow = flows_[turn_];
    if (flow.deficit <= 0) {
      flow.deficit += kQuantum;
      end_turn(list);
      continue;
    }
    drop_stale(now, turn_);
    if (flow.head != kNone) return &nodes_[flow.head].entry;
    on_empty(list);
  }
}

bool SendQueue::sent(std::size_t bytes) {
  if (!begun_.frame) {
    Entry entry = take(turn_);
    flows_[turn_].deficit -= static_cast<std::int32_t>(entry.frame.size());
    if (bytes >= entry.frame.size()) return true;
    begun_ = std::move(entry);
  }
  begun_.sent = static_cast<std::uint16_t>(begun_.sent + bytes);
  if (begun_.sent < begun_.frame.size()) return false;
  begun_ = {};
  return true;
}

void SendQueue::clear(obs::DropReason reason) {
  counters_.drop(reason, frames_ + (begun_.frame ? 1 : 0));
  begun_ = {};
  for (Index flow = 0; flow < flows_.size(); ++flow) {
    while (flows_[flow].head != kNone) (void)take(flow);
  }
}

TimePoint SendQueue::oldest() const {
  TimePoint oldest = begun_.frame ? begun_.queued : kNever;
  for (const List* list : {&new_, &old_}) {
    for (Index flow = list->head; flow != kNone; flow = flows_[flow].next) {
      if (flows_[flow].head != kNone) oldest = std::min(oldest, nodes_[flows_[flow].head].entry.queued);
    }
  }
  return oldest;
}

void SendQueue::append(List& list, Index flow) {
  flows_[flow].next = kNone;
  (list.head == kNone ? list.head : flows_[list.tail].next) = flow;
  list.tail = flow;
}

void SendQueue::remove_head(List& list) { list.head = flows_[list.head].next; }

void SendQueue::end_turn(List& list) {
  const Index flow = list.head;
  remove_head(list);
  append(old_, flow);
}

// A new flow waits for one round of the others before it counts as new again: else one that sends whenever it is empty
// would always come first (RFC 8290, section 4.2).
void SendQueue::on_empty(List& list) {
  if (&list == &new_ && old_.head != kNone) return end_turn(list);
  flows_[list.head].listed = false;
  remove_head(list);
}

void SendQueue::add(Index flow, Entry entry) {
  Index place = free_;
  if (place == kNone) {
    place = static_cast<Index>(nodes_.size());
    nodes_.emplace_back();
  } else {
    free_ = nodes_[place].next;
  }
  ++frames_;
  bytes_ += entry.frame.size();
  backlog_[flow] += static_cast<std::uint32_t>(entry.frame.size());
  nodes_[place].entry = std::move(entry);
  nodes_[place].next = kNone;
  (flows_[flow].head == kNone ? flows_[flow].head : nodes_[flows_[flow].tail].next) = place;
  flows_[flow].tail = place;
}

SendQueue::Entry SendQueue::take(Index flow) {
  const Index place = flows_[flow].head;
  Node& node = nodes_[place];
  flows_[flow].head = std::exchange(node.next, free_);
  free_ = place;
  --frames_;
  bytes_ -= node.entry.frame.size();
  backlog_[flow] -= static_cast<std::uint32_t>(node.entry.frame.size());
  return std::exchange(node.entry, {});
}

void SendQueue::drop_stale(TimePoint now, Index index) {
  for (Flow& flow = flows_[index]; flow.head != kNone; (void)take(index)) {
    const Duration waited = now - nodes_[flow.head].entry.queued;
    if (waited > bounds_.age) {
      counters_.drop(obs::DropReason::queue_late);
    } else if (flow.codel.drops(now, waited, flow.head == flow.tail)) {
      counters_.drop(obs::DropReason::queue_standing);
    } else {
      return;
    }
  }
}

void SendQueue::drop_from_fattest() {
  counters_.drop(obs::DropReason::queue_full);
  (void)take(static_cast<Index>(std::ranges::max_element(backlog_) - backlog_.begin()));
}

}  // namespace softlan::egress
