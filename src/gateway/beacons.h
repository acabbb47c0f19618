// Beacons of one gateway: numbered, proven with a key that lives as long as the process, and known again when they
// come back.
//
// A beacon is a question to the network: does what I send return to me? The proof keeps others from answering, the
// number from answering with an old one. No clock, no allocation.
#pragma once

#include <array>
#include <cstdint>

#include "auth/scram_keys.h"
#include "base/time.h"
#include "proto/beacon.h"

namespace softlan::gateway {

class Beacons {
 public:
  explicit Beacons(const auth::Key& key) : key_(key) {}

  // The next to be sent.
  [[nodiscard]] proto::Beacon make(TimePoint now, proto::BeaconWay way);

  struct Heard {
    bool ours = false;
    bool fresh = false;   // among the last few sent
    Duration age{};       // since it was sent; of a fresh one
    unsigned copies = 0;  // how often it has been heard; of a fresh one
  };
  [[nodiscard]] Heard hear(TimePoint now, const proto::Beacon& beacon);

 private:
  static constexpr std::size_t kRemembered = 16;

  struct Sent {
    std::uint64_t number = 0;  // 0: nothing was sent
    TimePoint when{};
    unsigned copies = 0;
  };

  [[nodiscard]] Sent& place_of(std::uint64_t number) { return sent_[number % kRemembered]; }

  auth::Key key_;
  std::uint64_t last_number_ = 0;
  std::array<Sent, kRemembered> sent_{};
};

}  // namespace softlan::gateway
