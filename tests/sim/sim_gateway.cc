#include "sim/sim_gateway.h"

#include <utility>

namespace softlan::sim {

GatewayProcess::GatewayProcess(Sim& sim, Access& access, const MemberSetup& setup, Switch& lan, Switch::Port port)
    : MemberProcess(sim, access, setup, bridge_),
      lan_(lan),
      port_(port),
      bridge_({.mac = setup.mac, .beacon_key = {setup.mac.bytes[5]}}, live_pool(), *this, log()) {
  bridge_.attach(live_session());
}

void GatewayProcess::on_lan_frame(Bytes frame) {
  turn([this, copy = std::vector<std::uint8_t>(frame.begin(), frame.end())](TimePoint now) {
    ++offered_;
    FrameRef entered = live_pool().copy(copy);
    if (!entered) return bridge_.on_lan_drops(obs::DropReason::no_buffer, 1);
    bridge_.on_lan_frames(now, {&entered, 1});
  });
}

std::size_t GatewayProcess::write(std::span<const FrameRef> frames) {
  for (const FrameRef& frame : frames) lan_.send(port_, frame.bytes());
  return 0;
}

SimGateway::SimGateway(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line)
    : SimMember(sim, internet, std::move(setup), number, line), lan_(sim), port_(lan_.add_port([this](Bytes frame) {
        if (process()) static_cast<GatewayProcess*>(process())->on_lan_frame(frame);
      })) {}

Station& SimGateway::add_host(const std::string& name, const proto::Mac& mac) {
  Station& host = hosts_.emplace_back(sim_, name, mac);
  const Switch::Port port = lan_.add_port([&host](Bytes frame) { host.receive(frame); });
  host.plug([this, port](Bytes frame) {
    lan_.send(port, frame);
    return true;
  });
  return host;
}

std::unique_ptr<MemberProcess> SimGateway::make_process() {
  return std::make_unique<GatewayProcess>(sim_, access(), setup(), lan_, port_);
}

}  // namespace softlan::sim
