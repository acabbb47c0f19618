#include "gateway/members.h"

namespace softlan::gateway {

void Members::add(const proto::Mac& mac, PeerId peer) {
  remove(peer);
  members_[mac] = {.peer = peer};
}

void Members::remove(PeerId peer) {
  std::erase_if(members_, [peer](const auto& entry) { return entry.second.peer == peer; });
}

void Members::clear() {
  members_.clear();
  doubts_end_ = kNever;
}

Player* Members::find(const proto::Mac& mac) {
  const auto found = members_.find(mac);
  return found == members_.end() ? nullptr : &found->second;
}

std::vector<proto::Mac> Members::macs() const {
  std::vector<proto::Mac> macs;
  for (const auto& [mac, member] : members_) macs.push_back(mac);
  return macs;
}

std::vector<proto::Mac> Members::absent_from_lan(TimePoint now) const {
  std::vector<proto::Mac> macs;
  for (const auto& [mac, member] : members_) {
    if (now >= member.on_lan_until) macs.push_back(mac);
  }
  return macs;
}

void Members::on_seen_on_lan(TimePoint now, Player& member) {
  member.on_lan_until = now + kSeenOnLan;
  if (member.told || member.tell_at != kNever) return;
  member.tell_at = now + kDoubt;
  doubts_end_ = std::min(doubts_end_, member.tell_at);
}

void Members::forget_doubts() {
  for (auto& [mac, member] : members_) {
    member.on_lan_until = TimePoint::min();
    member.tell_at = kNever;
  }
  doubts_end_ = kNever;
}

std::optional<PeerId> Members::take_certain(TimePoint now) {
  if (now < doubts_end_) return {};
  doubts_end_ = kNever;
  std::optional<PeerId> certain;
  for (auto& [mac, member] : members_) {
    if (!certain && now >= member.tell_at) {
      certain = member.peer;
      member.tell_at = kNever;
      member.told = true;
    }
    doubts_end_ = std::min(doubts_end_, member.tell_at);
  }
  return certain;
}

}  // namespace softlan::gateway
