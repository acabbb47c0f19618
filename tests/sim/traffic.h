// Flows between the stations of a world, and which frames of theirs have been sent.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "sim/station.h"

namespace softlan::sim {

class SimMember;

// Where a station is: behind its own client, or on the LAN of a gateway.
struct Place {
  Station* station = nullptr;
  SimMember* member = nullptr;  // through whom it reaches the room
  std::string room;
  bool on_lan = false;
};

struct Flow {
  std::uint32_t id = 0;
  const Place* from = nullptr;
  const Place* to = nullptr;  // null: everybody
  std::uint32_t sent = 0;     // frames, numbered from 0
};

class Traffic {
 public:
  explicit Traffic(Sim& sim) : sim_(sim) {}
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  Flow& open(const Place& from, const Place* to);
  // One frame; false when the station has no carrier.
  bool send(Flow& flow, std::size_t size);
  // Frames of all sizes at about this rate, until then.
  void keep_sending(Flow& flow, double per_second, TimePoint until);

  [[nodiscard]] const std::deque<Flow>& flows() const { return flows_; }

 private:
  [[nodiscard]] std::size_t random_size();

  Sim& sim_;
  std::deque<Flow> flows_;  // a flow's id is its index
};

}  // namespace softlan::sim
