// The doctor's findings as a list for a person, or as one JSON object for a program (docs/doctor.md).
#pragma once

#include <optional>
#include <string>

#include "doctor/finding.h"
#include "doctor/relay.h"

namespace softlan::runtime {

// One finding a line, its weight in front; at the end how many problems there are.
[[nodiscard]] std::string doctor_text(const doctor::Findings& findings);
// `relay` adds what was measured on the way to it.
[[nodiscard]] std::string doctor_json(const std::string& interface, const doctor::Findings& findings,
                                      const std::optional<doctor::Relay>& relay);

[[nodiscard]] std::size_t problems(const doctor::Findings& findings);

}  // namespace softlan::runtime
