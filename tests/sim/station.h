// A machine with a network card, on a LAN or behind a member's TAP: sends frames of flows and remembers what it got.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "proto/mac.h"
#include "sim/frame.h"
#include "sim/sim.h"

namespace softlan::sim {

class Station {
 public:
  // A frame on its way from the card to the cable; false when no carrier is there.
  using Cable = std::function<bool(Bytes)>;

  struct Arrival {
    TimePoint when;
    std::uint32_t flow;
    std::uint32_t number;
  };

  Station(Sim& sim, std::string name, const proto::Mac& mac);
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  void plug(Cable cable) { cable_ = std::move(cable); }
  void unplug() { cable_ = {}; }

  // False when there is no carrier, and nothing was sent.
  bool send(const proto::Mac& to, std::uint32_t flow, std::uint32_t number, std::size_t size);
  void receive(Bytes frame);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const proto::Mac& mac() const { return mac_; }
  [[nodiscard]] const std::vector<Arrival>& arrivals() const { return arrivals_; }
  // Frames of flows that were not as they were sent.
  [[nodiscard]] std::uint64_t damaged() const { return damaged_; }

 private:
  Sim& sim_;
  std::string name_;
  proto::Mac mac_;
  Timeline::Node node_;
  Cable cable_;
  std::vector<Arrival> arrivals_;
  std::uint64_t damaged_ = 0;
};

}  // namespace softlan::sim
