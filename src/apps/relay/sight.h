// What a relay shows of itself while it runs, and what its admin can do: the status socket and the metrics.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/common/command_line.h"
#include "apps/common/status_socket.h"
#include "base/address.h"
#include "obs/log.h"
#include "runtime/loop.h"
#include "runtime/metrics_server.h"
#include "runtime/relay_console.h"

namespace softlan::apps {

class SightOptions {
 public:
  void add_to(CommandLine& line);

  [[nodiscard]] const StatusSocket& status_socket() const { return status_socket_; }
  // None when it was switched off.
  [[nodiscard]] std::optional<SocketAddress> metrics_address() const;

 private:
  StatusSocket status_socket_;
  std::string metrics_listen_ = "127.0.0.1:9464";
};

class Sight {
 public:
  // Borrows `loop`, `workers` and `log`. What cannot be opened is a warning in the log.
  Sight(const SightOptions& options, const CommandLine& line, runtime::RelayConsoleConfig config, runtime::Loop& loop,
        runtime::RelayWorkers& workers, obs::Log& log);

 private:
  void open_metrics(const SocketAddress& address, runtime::Loop& loop, obs::Log& log);

  runtime::RelayConsole console_;
  std::unique_ptr<runtime::StatusServer> status_;
  std::unique_ptr<runtime::MetricsServer> metrics_;
};

}  // namespace softlan::apps
