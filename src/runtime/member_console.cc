#include "runtime/member_console.h"

#include <utility>

#include "runtime/diagnosis.h"

namespace softlan::runtime {

MemberConsole::MemberConsole(TimePoint now, Launch launch, const Voice& voice, const session::Session& session,
                             FactsSource facts)
    : launch_(std::move(launch)), voice_(voice), session_(session), facts_(std::move(facts)), started_(now) {}

MemberReport MemberConsole::report(TimePoint now) const {
  return {.software = launch_.software,
          .uptime = now - started_,
          .session = session_.status(now),
          .rates = rates_.rates(),
          .machine = facts_ ? facts_() : MachineFacts{}};
}

Answer MemberConsole::answer(TimePoint now, std::span<const std::string> words) const {
  if (words.size() == 1 && words[0] == "diagnose") {
    const auto& last = voice_.last_lines();
    return {.text = without_secrets(
                running_part(report(now), launch_.flags, std::vector<std::string>(last.begin(), last.end())),
                launch_.secrets)};
  }
  if (words.size() != 2 || words[0] != "status" || (words[1] != "text" && words[1] != "json")) {
    return refuse("this program does not know that question; are both of the same version?\n");
  }
  return {.text = words[1] == "json" ? to_json(report(now)) : to_text(report(now))};
}

void MemberConsole::on_deadline(TimePoint now) {
  if (now < sample_at_) return;
  rates_.sample(now, session_.totals());
  sample_at_ = now + std::chrono::seconds(1);
}

}  // namespace softlan::runtime
