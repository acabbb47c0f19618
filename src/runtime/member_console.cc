#include "runtime/member_console.h"

#include "runtime/member_report.h"

namespace softlan::runtime {

Answer MemberConsole::answer(TimePoint now, std::span<const std::string> words) const {
  if (words.size() != 2 || words[0] != "status" || (words[1] != "text" && words[1] != "json")) {
    return refuse("this program does not know that question; are both of the same version?\n");
  }
  const MemberReport report{
      .software = software_, .uptime = now - started_, .session = session_.status(now), .rates = rates_.rates()};
  return {.text = words[1] == "json" ? to_json(report) : to_text(report)};
}

void MemberConsole::on_deadline(TimePoint now) {
  if (now < sample_at_) return;
  rates_.sample(now, session_.totals());
  sample_at_ = now + std::chrono::seconds(1);
}

}  // namespace softlan::runtime
