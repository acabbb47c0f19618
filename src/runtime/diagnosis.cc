#include "runtime/diagnosis.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "runtime/doctor_report.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kLongestLine = 500;

std::string heading(std::string_view title) { return fmt::format("\n## {}\n", title); }

std::string lines_text(const std::vector<std::string>& lines) {
  return lines.empty() ? "none\n" : fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string or_unknown(const std::string& text) { return text.empty() ? "not known" : text; }

std::string flags_text(const std::vector<std::string>& flags) {
  return flags.empty() ? "none" : fmt::format("{}", fmt::join(flags, " "));
}

std::string machine_text(const MachineFacts& machine) {
  std::string text = fmt::format("system: {}\n", or_unknown(machine.system));
  text += fmt::format("card: {}\n", machine.card ? describe(*machine.card) : "not there");
  if (machine.card && machine.card->addresses) {
    text += fmt::format("addresses: {}\n", fmt::join(*machine.card->addresses, " "));
  }
  text += fmt::format("way to the relay: {}\n", machine.way ? describe(*machine.way) : "not known");
  for (const std::string& notice : machine.notices) text += notice + '\n';
  return text;
}

}  // namespace

std::string running_part(const MemberReport& report, const std::vector<std::string>& flags,
                         const std::vector<std::string>& last_lines) {
  return heading("The program that runs") + to_text(report) + fmt::format("flags: {}\n", flags_text(flags)) +
         machine_text(report.machine) + heading("What it said last") + lines_text(last_lines);
}

std::string to_text(const Diagnosis& diagnosis, std::span<const std::string> secrets,
                    std::span<const std::string> shown) {
  std::string text = fmt::format("# {}, {:%Y-%m-%d %H:%M} UTC\n", diagnosis.software,
                                 fmt::gmtime(static_cast<std::time_t>(diagnosis.unix_time)));
  text += fmt::format("flags: {}\n", flags_text(diagnosis.flags));
  text += machine_text(diagnosis.machine);
  text += diagnosis.running.empty() ? heading("The program that runs") + "none answers on this machine\n"
                                    : diagnosis.running;
  text += heading("A visit to the relay");
  text +=
      diagnosis.relay ? doctor_text(*diagnosis.relay) : "none: add the flags you join with, and it will be looked at\n";
  if (!diagnosis.log_file.empty()) {
    text += heading("The log file's last lines") + lines_text(diagnosis.last_lines);
  }
  return without_secrets(std::move(text), secrets, shown);
}

std::vector<std::string> last_lines_of(std::string_view log, std::size_t count) {
  std::vector<std::string> lines;
  while (!log.empty() && lines.size() < count) {
    const std::size_t end = log.ends_with('\n') ? log.size() - 1 : log.size();
    const std::size_t before = end == 0 ? std::string_view::npos : log.rfind('\n', end - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    lines.push_back(printable(trim(log.substr(begin, end - begin)), kLongestLine));
    log = log.substr(0, begin);
  }
  std::ranges::reverse(lines);
  return lines;
}

}  // namespace softlan::runtime
