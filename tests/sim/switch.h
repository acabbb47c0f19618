// A learning Ethernet switch (IEEE 802.1D, without spanning tree): the LAN of the party.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "proto/mac.h"
#include "sim/sim.h"

namespace softlan::sim {

class Switch {
 public:
  using Port = std::size_t;
  using Receiver = std::function<void(Bytes)>;

  explicit Switch(Sim& sim, Duration ageing = std::chrono::seconds(300)) : sim_(sim), ageing_(ageing) {}
  Switch(const Switch&) = delete;
  Switch& operator=(const Switch&) = delete;

  [[nodiscard]] Port add_port(Receiver receiver);
  // A frame comes in; what goes out arrives a little later.
  void send(Port from, Bytes frame);
  // Where frames for this MAC go; none when they are flooded.
  [[nodiscard]] std::optional<Port> port_of(const proto::Mac& mac) const;
  [[nodiscard]] std::uint64_t flooded() const { return flooded_; }

 private:
  struct Learned {
    Port port = 0;
    TimePoint seen{};
  };

  void deliver(Port to, Bytes frame);

  Sim& sim_;
  Duration ageing_;
  std::vector<Receiver> ports_;
  std::map<proto::Mac, Learned> table_;
  std::uint64_t flooded_ = 0;  // unicast frames sent everywhere
};

}  // namespace softlan::sim
