// A home router's translation of UDP ports: one public port for each inside one, until it forgets them all.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace softlan::sim {

class Nat {
 public:
  // The outside port of an inside one, newly given when it has none.
  [[nodiscard]] std::uint16_t outside(std::uint16_t inside);
  // Whose the outside port is; none when it is dead.
  [[nodiscard]] std::optional<std::uint16_t> inside(std::uint16_t outside) const;
  // Every mapping dies, as when the router restarts or its timer runs out: new ports are given from now on.
  void rebind();

 private:
  std::uint16_t next_ = 20000;
  std::map<std::uint16_t, std::uint16_t> to_outside_;
  std::map<std::uint16_t, std::uint16_t> to_inside_;
};

}  // namespace softlan::sim
