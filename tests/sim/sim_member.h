// A member's machine: its way to the internet, its process while it runs, and the accounts of all its processes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/internet.h"
#include "sim/member_process.h"
#include "sim/station.h"

namespace softlan::sim {

// What a machine's bridges have counted, all its processes together.
struct BridgeAccount {
  std::uint64_t offered = 0;  // frames handed to the bridge from the TAP or the LAN
  std::uint64_t own = 0;      // frames of the bridge itself, offered to the links
  obs::Counters counters;
};

class SimMember {
 public:
  SimMember(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line);
  virtual ~SimMember() = default;
  SimMember(const SimMember&) = delete;
  SimMember& operator=(const SimMember&) = delete;

  void start();
  void kill();
  // From now on the member says nothing by itself to others, until it starts anew.
  virtual void hush() {}

  [[nodiscard]] const MemberSetup& setup() const { return setup_; }
  [[nodiscard]] Access& access() { return access_; }
  [[nodiscard]] const Access& access() const { return access_; }
  [[nodiscard]] MemberProcess* process() { return process_.get(); }
  [[nodiscard]] const MemberProcess* process() const { return process_.get(); }
  [[nodiscard]] bool seated() const { return process_ && process_->session().seated(); }
  [[nodiscard]] unsigned starts() const { return starts_; }

  [[nodiscard]] std::vector<LinkAccount> accounts() const;
  [[nodiscard]] BridgeAccount bridge_account() const;
  // Inputs lost while its processes were stopped.
  [[nodiscard]] std::uint64_t overflowed() const { return past_overflowed_ + (process_ ? process_->overflowed() : 0); }

 protected:
  // Makes a process, plugged in.
  virtual std::unique_ptr<MemberProcess> make_process() = 0;
  // The process is about to end.
  virtual void unplug() = 0;
  // Of the present process; only called while there is one.
  [[nodiscard]] virtual BridgeAccount present_bridge() const = 0;

  Sim& sim_;

 private:
  MemberSetup setup_;
  Access access_;
  unsigned starts_ = 0;
  std::vector<LinkAccount> past_accounts_;
  BridgeAccount past_bridge_;
  std::uint64_t past_overflowed_ = 0;
  std::unique_ptr<MemberProcess> process_;
};

}  // namespace softlan::sim
