#include "runtime/relay_report.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace softlan::runtime {

namespace {

// Takes them from the rooms at the end.
void limit_members(std::vector<relay::RoomStatus>& rooms, std::size_t max_members) {
  for (relay::RoomStatus& room : rooms) {
    const std::size_t kept = std::min(room.members.size(), max_members);
    room.not_listed += room.members.size() - kept;
    room.members.resize(kept);
    max_members -= kept;
  }
}

}  // namespace

PacketCounters& PacketCounters::operator+=(const PacketCounters& other) {
  strangers += other.strangers;
  handed_over += other.handed_over;
  handovers_dropped += other.handovers_dropped;
  return *this;
}

relay::RelayStatus merge(std::vector<relay::RelayStatus> parts, std::size_t max_members) {
  relay::RelayStatus whole;
  for (relay::RelayStatus& part : parts) {
    std::ranges::move(part.rooms, std::back_inserter(whole.rooms));
    whole.waiting += part.waiting;
    whole.bans = std::max(whole.bans, part.bans);  // each has them all
    whole.not_seated += part.not_seated;
    for (std::size_t i = 0; i < whole.rejected.size(); ++i) whole.rejected[i] += part.rejected[i];
  }
  std::ranges::sort(whole.rooms, {}, &relay::RoomStatus::code);
  limit_members(whole.rooms, max_members);
  return whole;
}

}  // namespace softlan::runtime
