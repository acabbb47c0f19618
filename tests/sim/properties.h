// What must be true of every simulated run, whatever the network did to it.
//
// Each property is one function that says, in words, what it found wrong; nothing when all is well.
#pragma once

#include <string>
#include <vector>

#include "sim/world.h"

namespace softlan::sim {

using Findings = std::vector<std::string>;

// ---- at any time
[[nodiscard]] Findings seats_are_unique(const World& world);
[[nodiscard]] Findings bounds_are_kept(const World& world);

// ---- of all that was delivered
[[nodiscard]] Findings delivered_at_most_once(const World& world);
[[nodiscard]] Findings never_to_the_sender(const World& world);
[[nodiscard]] Findings never_to_another_room(const World& world);
[[nodiscard]] Findings only_to_the_addressee(const World& world);
[[nodiscard]] Findings order_is_kept(const World& world);
[[nodiscard]] Findings nothing_is_damaged(const World& world);

// ---- once everything is quiet: no traffic for a second
// Frames sent = delivered + dropped under exactly one reason + lost by the simulated network, stage by stage. A link
// that ended takes what was queued and under way with it; how much that was is known only as a bound.
[[nodiscard]] Findings every_frame_is_accounted_for(const World& world);
[[nodiscard]] Findings nothing_is_held_on_to(const World& world);

// ---- some time after the last fault
[[nodiscard]] Findings everyone_is_back(const World& world);
// Every station of a room got number `number` of every other's flow in `flows`.
[[nodiscard]] Findings everyone_hears_everyone(const World& world, const std::vector<const Flow*>& flows);

// All of those that hold for what was delivered.
[[nodiscard]] Findings all_of_delivery(const World& world);

// One line for each member and the relay: frames in and out of its links, and what was dropped.
[[nodiscard]] std::vector<std::string> accounts_in_words(const World& world);

void append(Findings& to, Findings more);

}  // namespace softlan::sim
