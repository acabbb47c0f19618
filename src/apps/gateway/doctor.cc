#include "apps/gateway/doctor.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "ctrl/validate.h"
#include "platform/linux/network_card.h"
#include "platform/system_random.h"
#include "platform/terminal.h"
#include "quic/certificate.h"
#include "runtime/doctor_report.h"
#include "runtime/founding_passes.h"
#include "runtime/lan_visit.h"
#include "runtime/relay_visit.h"

namespace softlan::apps {

namespace {

constexpr std::size_t kMaxFrames = 1024;

// Over the last such line; an empty one clears it. Only for who watches.
void show_progress(const char* doing) {
  if (platform::is_watched()) std::fprintf(stderr, "\r\x1b[K%s", doing);
}

void append(doctor::Findings& to, doctor::Findings findings) { std::ranges::move(findings, std::back_inserter(to)); }

bool stops_everything(const doctor::Findings& findings) {
  using enum doctor::Matter;
  return std::ranges::any_of(findings, [](const doctor::Finding& finding) {
    return finding.matter == needs_privilege || finding.matter == no_interface || finding.matter == not_ethernet ||
           finding.matter == switched_off || finding.matter == no_cable;
  });
}

class Examination {
 public:
  Examination(const CommandLine& line, const MemberOptions& member) : line_(line), member_(member) {}

  void look_at_lan(const std::string& interface) {
    const doctor::Card card = platform::look_at_card(interface);
    append(findings_, judge(platform::look_at_machine(), card));
    if (stops_everything(findings_)) return;
    show_progress("Asking and listening on the LAN, 5 seconds ...");
    const auto lan = runtime::visit_lan(card, pool_, random_);
    show_progress("");
    append(findings_, lan ? judge(*lan) : doctor::Findings{{doctor::Matter::cannot_listen, {lan.error().message}}});
  }

  [[nodiscard]] Result<void> look_at_relay() {
    auto visitors = choose_visitors();
    if (!visitors) return std::unexpected(visitors.error());
    auto certificate = quic::generate_identity();
    if (!certificate) return std::unexpected(certificate.error());
    const auto tls = member_.make_tls({.certificate = *std::move(certificate), .mac = {}});
    if (!tls) return std::unexpected(tls.error());
    const runtime::DialerConfig where = member_.dialer_config();
    relay_ = doctor::Relay{.name = member_.relay,
                           .server_name = where.server_name,
                           .room = where.room,
                           .founds = member_.pass.empty(),
                           .visits = {}};
    show_progress("Visiting the relay, some seconds ...");
    runtime::visit_relay(where, *visitors, **tls, pool_, random_, *relay_);
    show_progress("");
    append(findings_, judge(*relay_));
    return {};
  }

  [[nodiscard]] const doctor::Findings& findings() const { return findings_; }
  [[nodiscard]] const std::optional<doctor::Relay>& relay() const { return relay_; }

 private:
  // Players' passes first: a gateway's takes the gateway's place when it is free.
  [[nodiscard]] Result<std::vector<doctor::Visitor>> choose_visitors() {
    if (!member_.pass.empty())
      return std::vector{visitor(ctrl::Role::client, member_.pass), visitor(ctrl::Role::gateway, member_.pass)};
    const auto path = member_.beside_identity("gateway", "lanparty-gateway-rooms.json");
    if (!path) return std::unexpected(path.error());
    const auto passes = runtime::load_founding_passes(*path, member_.relay, ctrl::canonical_room(member_.room));
    if (!passes) return std::unexpected(passes.error());
    return std::vector{visitor(ctrl::Role::client, passes->client)};
  }

  [[nodiscard]] doctor::Visitor visitor(ctrl::Role role, const std::string& pass) {
    return {.role = role,
            .room = ctrl::canonical_room(member_.room),
            .mac = proto::generate_mac(random_),
            .pass = pass,
            .software = line_.software()};
  }

  const CommandLine& line_;
  const MemberOptions& member_;
  platform::SystemRandom random_;
  FramePool pool_{kMaxFrames};
  doctor::Findings findings_;
  std::optional<doctor::Relay> relay_;
};

}  // namespace

void DoctorCommand::add_to(CommandLine& line) {
  CLI::App* command = line.options().add_subcommand(
      "doctor", "Look at this machine, its LAN and the way to the relay, say what is wrong and what to do, and end");
  command->fallthrough();
  command->add_flag("--json", json_, "For programs: one JSON object");
  command->footer(
      "Takes --interface and, to look at the relay too, the flags by which the gateway finds its room. It asks a few\n"
      "questions on the LAN, listens for five seconds, and visits the room for three.\n"
      "The exit code is 0 when nothing stands in the way, 1 when something does.\n");
  command_ = command;
}

std::optional<int> DoctorCommand::run(const CommandLine& line, MemberOptions& member,
                                      const std::string& interface) const {
  if (!command_->parsed()) return std::nullopt;
  const bool with_relay = member.names_a_relay();
  if (with_relay) {
    if (const auto settled = member.settle(); !settled) return line.refuse(settled.error().message);
  }
  Examination examination(line, member);
  examination.look_at_lan(interface);
  if (with_relay) {
    if (const auto done = examination.look_at_relay(); !done) return line.give_up(done.error().message);
  }
  const doctor::Findings& findings = examination.findings();
  const std::string text =
      json_ ? runtime::doctor_json(interface, findings, examination.relay()) : runtime::doctor_text(findings);
  std::fputs(text.c_str(), stdout);
  return runtime::problems(findings) == 0 ? 0 : kExitFailure;
}

Result<void> preflight(const std::string& interface) {
  for (const doctor::Finding& finding : judge(platform::look_at_machine(), platform::look_at_card(interface))) {
    if (finding.matter == doctor::Matter::wireless) return fail("{}", sentence(finding));
    if (weight_of(finding.matter) != doctor::Weight::fine) std::printf("%s\n", sentence(finding).c_str());
  }
  std::fflush(stdout);
  return {};
}

}  // namespace softlan::apps
