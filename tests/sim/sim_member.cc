#include "sim/sim_member.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace softlan::sim {

SimMember::SimMember(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line)
    : sim_(sim), setup_(std::move(setup)), access_(sim, internet, setup_.name, number, line) {}

void SimMember::start() {
  if (process_) return;
  ++starts_;
  process_ = make_process();
  process_->start();
}

void SimMember::kill() {
  if (!process_) return;
  unplug();
  past_accounts_ = accounts();
  for (LinkAccount& account : past_accounts_) account.ended = true;
  past_bridge_ = bridge_account();
  past_overflowed_ = overflowed();
  process_.reset();
}

std::vector<LinkAccount> SimMember::accounts() const {
  std::vector<LinkAccount> all = past_accounts_;
  if (process_) std::ranges::copy(process_->accounts(), std::back_inserter(all));
  return all;
}

BridgeAccount SimMember::bridge_account() const {
  BridgeAccount sum = past_bridge_;
  if (!process_) return sum;
  const BridgeAccount present = present_bridge();
  sum.offered += present.offered;
  sum.own += present.own;
  sum.counters.in += present.counters.in;
  sum.counters.out += present.counters.out;
  return sum;
}

}  // namespace softlan::sim
