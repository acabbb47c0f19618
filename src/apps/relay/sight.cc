#include "apps/relay/sight.h"

#include <utility>

namespace softlan::apps {

namespace {

std::optional<SocketAddress> parse_address(const std::string& text) {
  const auto host_port = parse_host_port(text);
  const auto ip = host_port ? parse_ip(host_port->host) : std::nullopt;
  if (!ip) return std::nullopt;
  return SocketAddress{.ip = *ip, .port = host_port->port};
}

std::string metrics_problem(const std::string& text) {
  if (text == "off" || parse_address(text)) return {};
  return fmt::format("'{}' is not an address; write it like 127.0.0.1:9464 or [::1]:9464, or say off", text);
}

}  // namespace

void SightOptions::add_to(CommandLine& line) {
  status_socket_.add_to(line);
  line.options()
      .add_option("--metrics-listen", metrics_listen_,
                  "Where Prometheus finds /metrics and a watchdog /healthz, or off (default: 127.0.0.1:9464)")
      ->check(CLI::Validator(metrics_problem, ""))
      ->type_name("ADDR:PORT");
}

std::optional<SocketAddress> SightOptions::metrics_address() const { return parse_address(metrics_listen_); }

Sight::Sight(const SightOptions& options, const CommandLine& line, runtime::RelayConsoleConfig config,
             runtime::Loop& loop, runtime::RelayWorkers& workers, obs::Log& log)
    : console_(loop.now(), std::move(config), workers, log) {
  status_ = options.status_socket().open(line, loop, log,
                                         [this](TimePoint now, auto words) { return console_.answer(now, words); });
  if (const auto address = options.metrics_address()) open_metrics(*address, loop, log);
}

void Sight::open_metrics(const SocketAddress& address, runtime::Loop& loop, obs::Log& log) {
  auto server = runtime::MetricsServer::open(loop, address, [this](TimePoint now) { return console_.metrics(now); });
  if (!server) {
    log.warn("there are no metrics; see --metrics-listen", {{"reason", server.error().message}});
    return;
  }
  metrics_ = *std::move(server);
  log.info("metrics", {{"address", to_string(address)}});
}

}  // namespace softlan::apps
