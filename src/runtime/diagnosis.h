// The report a player sends to whoever helps: what runs here, how it was started, what it says of itself, what a visit
// to the relay brought, and the last lines it said.
//
// Secrets stay out twice over: only harmless parts go in, and without_secrets() goes over the whole. The relay's name
// and the room's code are in it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "doctor/finding.h"
#include "runtime/machine_facts.h"
#include "runtime/member_report.h"
#include "runtime/without_secrets.h"

namespace softlan::runtime {

struct Diagnosis {
  std::string software;
  std::int64_t unix_time = 0;
  std::vector<std::string> flags;  // of this call, with the values that may be shown
  MachineFacts machine;
  std::string running;                      // what the program that runs here says (running_part); empty: none answers
  std::optional<doctor::Findings> relay{};  // none: no relay was named
  std::string log_file{};                   // whose last lines these are; empty: none was named
  std::vector<std::string> last_lines{};
};

// What a running program adds of itself.
[[nodiscard]] std::string running_part(const MemberReport& report, const std::vector<std::string>& flags,
                                       const std::vector<std::string>& last_lines);

// `shown`: addresses that need not be masked, of the relay.
[[nodiscard]] std::string to_text(const Diagnosis& diagnosis, std::span<const std::string> secrets,
                                  std::span<const std::string> shown);

// The last `count` lines of a log, made printable.
[[nodiscard]] std::vector<std::string> last_lines_of(std::string_view log, std::size_t count);

}  // namespace softlan::runtime
