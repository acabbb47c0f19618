#include "sim/station.h"

#include <utility>

namespace softlan::sim {

Station::Station(Sim& sim, std::string name, const proto::Mac& mac)
    : sim_(sim), name_(std::move(name)), mac_(mac), node_(sim.timeline.add_node(name_)) {}

bool Station::send(const proto::Mac& to, std::uint32_t flow, std::uint32_t number, std::size_t size) {
  if (!cable_) return false;
  const std::vector<std::uint8_t> frame = make_frame(to, mac_, flow, number, size);
  if (!cable_(frame)) return false;
  sim_.timeline.record(sim_.now(), node_, What::frame_sent, flow, number);
  sim_.timeline.capture(sim_.now(), node_, Timeline::Medium::ethernet, frame);
  return true;
}

void Station::receive(Bytes frame) {
  sim_.timeline.capture(sim_.now(), node_, Timeline::Medium::ethernet, frame);
  const auto read = read_frame(frame);
  if (!read) return;
  if (!read->intact) ++damaged_;
  arrivals_.push_back({sim_.now(), read->flow, read->number});
  sim_.timeline.record(sim_.now(), node_, What::frame_received, read->flow, read->number);
}

}  // namespace softlan::sim
