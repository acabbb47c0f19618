#include "runtime/handover.h"

#include <algorithm>
#include <utility>

#include "quic/connection_id.h"

namespace softlan::runtime {

void Inbox::put(std::size_t listener, std::span<const ReceivedPacket> packets) {
  bool wake = false;
  {
    const std::scoped_lock lock(mutex_);
    for (const ReceivedPacket& packet : packets) {
      if (filling_.items.size() == kMaxPackets || filling_.bytes.size() + packet.data.size() > kMaxBytes) {
        ++dropped_;
        continue;
      }
      Item item{listener, filling_.bytes.size(), packet, packet.data.size()};
      item.packet.data = {};
      filling_.items.push_back(item);
      filling_.bytes.insert(filling_.bytes.end(), packet.data.begin(), packet.data.end());
    }
    wake = !filling_.items.empty() && !std::exchange(woken_, true);
  }
  if (wake) loop_.post([this](TimePoint now) { take(now); });
}

void Inbox::take(TimePoint now) {
  {
    const std::scoped_lock lock(mutex_);
    std::swap(filling_, reading_);
    woken_ = false;
  }
  taken_ += reading_.items.size();
  for (std::size_t next = 0; next < reading_.items.size();) {
    const std::size_t listener = reading_.items[next].listener;
    batch_.clear();
    for (; next < reading_.items.size() && reading_.items[next].listener == listener; ++next) {
      const Item& item = reading_.items[next];
      batch_.push_back(item.packet);
      batch_.back().data = Bytes(reading_.bytes).subspan(item.offset, item.size);
    }
    deliver_(now, listener, batch_);
  }
  reading_.items.clear();
  reading_.bytes.clear();
}

std::uint64_t Inbox::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

std::uint8_t Sorter::owner_of(const ReceivedPacket& packet) const {
  return quic::worker_of_packet(packet.data, static_cast<unsigned>(inboxes_.size()));
}

std::span<const ReceivedPacket> Sorter::own(std::size_t listener, std::span<const ReceivedPacket> packets) {
  if (std::ranges::all_of(packets, [&](const auto& packet) { return owner_of(packet) == self_; })) return packets;
  sorted_.resize(inboxes_.size());
  for (auto& pile : sorted_) pile.clear();
  for (const ReceivedPacket& packet : packets) sorted_[owner_of(packet)].push_back(packet);
  for (std::size_t worker = 0; worker < sorted_.size(); ++worker) {
    if (worker != self_ && !sorted_[worker].empty()) inboxes_[worker]->put(listener, sorted_[worker]);
  }
  return sorted_[self_];
}

}  // namespace softlan::runtime
