// Plays a scenario and checks every property of it.
//
//   start ... traffic ... faults ... calm -- at most 5 s --> everyone is back -- weather clears --> roll call -> quiet
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/credentials.h"
#include "sim/properties.h"
#include "sim/scenario.h"
#include "sim/timeline.h"

namespace softlan::sim {

inline constexpr std::size_t kMostMembers = 6;

struct Outcome {
  Findings findings;
  std::vector<std::string> accounts;  // accounts_in_words(), when there are findings
  std::uint64_t hash = 0;             // of the timeline
  Duration virtual_time{};            // played
  Duration back_after{};              // of the last fault; meaningless when they are not back
  std::size_t delivered = 0;          // frames, at all stations
};

// With a folder, what happened is left there as SEED.txt and SEED.pcapng.
[[nodiscard]] Outcome play(const Scenario& scenario, const Credentials& credentials, const std::string& folder = {});

}  // namespace softlan::sim
