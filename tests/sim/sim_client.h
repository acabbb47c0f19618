// A player's machine: the real client's session and bridge, and a station behind its TAP.
#pragma once

#include <memory>

#include "client/bridge.h"
#include "sim/sim_member.h"

namespace softlan::sim {

class ClientProcess final : public MemberProcess, private client::TapPort {
 public:
  // Borrows `station`.
  ClientProcess(Sim& sim, Access& access, const MemberSetup& setup, Station& station);

  // From the machine's own stack; false while the card has no carrier.
  bool on_tap_frame(Bytes frame);
  [[nodiscard]] bool carrier() const { return carrier_; }
  [[nodiscard]] BridgeAccount account() const { return {offered_, 0, bridge_.counters()}; }

 private:
  TimePoint core_deadline() const override { return bridge_.next_deadline(); }
  void on_core_deadline(TimePoint now) override { bridge_.on_deadline(now); }

  std::size_t write(std::span<const FrameRef> frames) override;
  void set_mtu(std::uint16_t) override {}
  void set_carrier(bool on) override;

  Station& station_;
  client::Bridge bridge_;
  bool carrier_ = false;
  std::uint64_t offered_ = 0;
};

class SimClient final : public SimMember {
 public:
  SimClient(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line);

  [[nodiscard]] Station& station() { return station_; }

 private:
  std::unique_ptr<MemberProcess> make_process() override;
  void unplug() override { station_.unplug(); }
  BridgeAccount present_bridge() const override { return static_cast<const ClientProcess*>(process())->account(); }

  Station station_;
};

}  // namespace softlan::sim
