// The organiser's machine: the real gateway's session and bridge on one port of the party's switch.
#pragma once

#include <list>
#include <memory>
#include <string>

#include "gateway/bridge.h"
#include "sim/sim_member.h"
#include "sim/switch.h"

namespace softlan::sim {

class GatewayProcess final : public MemberProcess, private gateway::LanPort {
 public:
  // Borrows `lan`, whose `port` the network card is plugged into.
  GatewayProcess(Sim& sim, Access& access, const MemberSetup& setup, Switch& lan, Switch::Port port);

  void on_lan_frame(Bytes frame);
  [[nodiscard]] BridgeAccount account() const { return {offered_, bridge_.beacons_to_room(), bridge_.counters()}; }
  // No beacons and refresh frames any more, so that everything can be counted.
  void hush() { hushed_ = true; }

 private:
  TimePoint core_deadline() const override { return hushed_ ? kNever : bridge_.next_deadline(); }
  void on_core_deadline(TimePoint now) override { bridge_.on_deadline(now); }

  std::size_t write(std::span<const FrameRef> frames) override;

  Switch& lan_;
  Switch::Port port_;
  gateway::Bridge bridge_;
  std::uint64_t offered_ = 0;
  bool hushed_ = false;
};

class SimGateway final : public SimMember {
 public:
  SimGateway(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line);

  // A host on the party's LAN.
  Station& add_host(const std::string& name, const proto::Mac& mac);
  void hush() override {
    if (process()) static_cast<GatewayProcess*>(process())->hush();
  }
  [[nodiscard]] std::list<Station>& hosts() { return hosts_; }
  [[nodiscard]] const Switch& lan() const { return lan_; }
  [[nodiscard]] Switch::Port port() const { return port_; }

 private:
  std::unique_ptr<MemberProcess> make_process() override;
  void unplug() override {}
  BridgeAccount present_bridge() const override { return static_cast<const GatewayProcess*>(process())->account(); }

  Switch lan_;
  Switch::Port port_;
  std::list<Station> hosts_;
};

}  // namespace softlan::sim
