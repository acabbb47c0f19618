#include "sim/switch.h"

#include <utility>

#include "proto/ethernet.h"

namespace softlan::sim {

namespace {
constexpr Duration kSwitchDelay = std::chrono::microseconds(10);
}

Switch::Port Switch::add_port(Receiver receiver) {
  ports_.push_back(std::move(receiver));
  return ports_.size() - 1;
}

std::optional<Switch::Port> Switch::port_of(const proto::Mac& mac) const {
  const auto known = table_.find(mac);
  if (known == table_.end() || sim_.now() - known->second.seen > ageing_) return std::nullopt;
  return known->second.port;
}

void Switch::send(Port from, Bytes frame) {
  const auto view = proto::parse_frame(frame);
  if (!view) return;
  table_[view->source] = {from, sim_.now()};
  if (!view->destination.is_multicast()) {
    if (const auto known = port_of(view->destination)) {
      if (*known != from) deliver(*known, frame);
      return;
    }
    ++flooded_;
  }
  for (Port port = 0; port < ports_.size(); ++port) {
    if (port != from) deliver(port, frame);
  }
}

void Switch::deliver(Port to, Bytes frame) {
  sim_.scheduler.after(kSwitchDelay,
                       [this, to, copy = std::vector<std::uint8_t>(frame.begin(), frame.end())] { ports_[to](copy); });
}

}  // namespace softlan::sim
