#include "sim/sim_client.h"

#include <utility>

namespace softlan::sim {

ClientProcess::ClientProcess(Sim& sim, Access& access, const MemberSetup& setup, Station& station)
    : MemberProcess(sim, access, setup, bridge_), station_(station), bridge_(setup.mac, *this) {
  bridge_.attach(live_session());
}

bool ClientProcess::on_tap_frame(Bytes frame) {
  if (!carrier_) return false;
  turn([this, copy = std::vector<std::uint8_t>(frame.begin(), frame.end())](TimePoint now) {
    ++offered_;
    FrameRef entered = live_pool().copy(copy);
    if (!entered) return bridge_.on_tap_drops(obs::DropReason::no_buffer, 1);
    bridge_.on_tap_frames(now, {&entered, 1});
  });
  return true;
}

std::size_t ClientProcess::write(std::span<const FrameRef> frames) {
  // A card without a carrier still takes what the program writes; the machine's stack does not see it.
  for (const FrameRef& frame : frames) station_.receive(frame.bytes());
  return 0;
}

void ClientProcess::set_carrier(bool on) {
  note(on ? "carrier on" : "carrier off");
  carrier_ = on;
}

SimClient::SimClient(Sim& sim, Internet& internet, MemberSetup setup, std::uint8_t number, const LineConfig& line)
    : SimMember(sim, internet, std::move(setup), number, line),
      station_(sim, SimMember::setup().name + " tap", SimMember::setup().mac) {}

std::unique_ptr<MemberProcess> SimClient::make_process() {
  auto process = std::make_unique<ClientProcess>(sim_, access(), setup(), station_);
  station_.plug([client = process.get()](Bytes frame) { return client->on_tap_frame(frame); });
  return process;
}

}  // namespace softlan::sim
