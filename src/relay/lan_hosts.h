// The MAC addresses seen behind a room's gateway, so that traffic to a known LAN host is not "unknown unicast".
//
// A hash table of fixed size, four places to a row: when a row is full the host not seen for the longest time makes
// room, so forged sources on the LAN cost no memory. No allocation after construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "proto/mac.h"

namespace softlan::relay {

class LanHosts {
 public:
  static constexpr std::size_t kCapacity = 4096;
  static constexpr Duration kAgeing = std::chrono::seconds(300);  // IEEE 802.1D, table 7-5: recommended ageing time

  LanHosts() : places_(kCapacity) {}

  void learn(TimePoint now, const proto::Mac& mac);
  // Seen within kAgeing.
  [[nodiscard]] bool knows(TimePoint now, const proto::Mac& mac) const;
  void clear();

 private:
  static constexpr std::size_t kRowSize = 4;

  struct Place {
    std::uint64_t mac = 0;  // 0: free
    TimePoint seen = TimePoint::min();
  };

  [[nodiscard]] static std::size_t row_of(std::uint64_t mac);

  std::vector<Place> places_;
};

}  // namespace softlan::relay
