#include "apps/client/diagnose.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "base/frame_pool.h"
#include "ctrl/validate.h"
#include "obs/log_file.h"
#include "platform/files.h"
#include "platform/screen.h"
#include "platform/system_random.h"
#include "platform/terminal.h"
#include "quic/certificate.h"
#include "runtime/diagnosis.h"
#include "runtime/relay_visit.h"
#include "runtime/voice.h"

namespace softlan::apps {

namespace {

constexpr std::size_t kMaxFrames = 1024;

void show_progress(const char* doing) {
  if (platform::is_watched()) std::fprintf(stderr, "\r\x1b[K%s", doing);
}

// An identity and a MAC of its own, so that nobody's seat is taken.
Result<doctor::Relay> visit(const CommandLine& line, const MemberOptions& member) {
  auto certificate = quic::generate_identity();
  if (!certificate) return std::unexpected(certificate.error());
  const auto tls = member.make_tls({.certificate = *std::move(certificate), .mac = {}});
  if (!tls) return std::unexpected(tls.error());
  const runtime::DialerConfig where = member.dialer_config();
  doctor::Relay relay{.name = member.relay, .server_name = where.server_name, .room = where.room, .visits = {}};
  platform::SystemRandom random;
  FramePool pool(kMaxFrames);
  const doctor::Visitor visitor{.role = ctrl::Role::client,
                                .room = where.room,
                                .mac = proto::generate_mac(random),
                                .pass = member.pass,
                                .software = line.software()};
  show_progress("Visiting the relay, some seconds ...");
  runtime::visit_relay(where, {visitor}, **tls, pool, random, relay);
  show_progress("");
  return relay;
}

std::optional<SocketAddress> address_of(const std::optional<doctor::Relay>& relay) {
  return relay && !relay->visits.empty() ? relay->visits.back().answered : std::nullopt;
}

std::int64_t unix_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

void DiagnoseOption::add_to(CommandLine& line) {
  option_ = line.options()
                .add_option("--diagnose", file_,
                            "Make a report for whoever helps you, with nothing secret in it, and end: on standard "
                            "output and, if you name one, in this file. Works beside the client that runs; add the "
                            "flags you join with, and the way to the relay is looked at, too")
                ->expected(0, 1)
                ->type_name("[FILE]");
}

std::optional<int> DiagnoseOption::run(const CommandLine& line, MemberOptions& member, const SightOptions& sight,
                                       const Means& means) const {
  if (option_->count() == 0) return std::nullopt;
  std::optional<doctor::Relay> relay;
  if (member.names_a_relay()) {
    if (const auto settled = member.settle(); !settled) return line.refuse(settled.error().message);
    auto visited = visit(line, member);
    if (!visited) return line.give_up(visited.error().message);
    relay = *std::move(visited);
  }
  const auto address = address_of(relay);
  runtime::Diagnosis diagnosis{.software = line.software(),
                               .unix_time = unix_time(),
                               .flags = line.shown_flags(),
                               .machine = means.look(address),
                               .running = means.ask(),
                               .log_file = sight.log_file()};
  if (relay) diagnosis.relay = judge(*relay);
  if (!sight.log_file().empty()) {
    const auto log = platform::read_file(sight.log_file(), 2 * obs::LogFile::kMaxBytes);
    diagnosis.last_lines =
        log ? runtime::last_lines_of(*log, runtime::Voice::kLastLines) : std::vector<std::string>{log.error().message};
  }
  const std::vector<std::string> shown{address ? to_string(address->ip) : ""};
  const std::string text = to_text(diagnosis, member.secrets(), shown);
  platform::write_text(stdout, text);
  if (file_.empty()) return 0;
  if (const auto kept = platform::write_private_file(file_, text); !kept) return line.give_up(kept.error().message);
  std::fprintf(stderr, "This report is in %s, too.\n", file_.c_str());
  return 0;
}

}  // namespace softlan::apps
