// /metrics for Prometheus and /healthz, over HTTP.
//
// libmicrohttpd reads and writes HTTP; it is driven by the loop, without threads of its own (docs/adr/0007-*.md). The
// text is made once a second at most, whoever asks how often. Bounded: kMaxConnections, each with a few KiB and a few
// seconds.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/linux/file_descriptor.h"
#include "runtime/loop.h"
#include "runtime/watch.h"

struct MHD_Daemon;

namespace softlan::runtime {

class MetricsServer {
 public:
  static constexpr unsigned kMaxConnections = 8;
  static constexpr Duration kFresh = std::chrono::seconds(1);

  // Borrows `loop`. `render` makes the text of /metrics.
  [[nodiscard]] static Result<std::unique_ptr<MetricsServer>> open(Loop& loop, const SocketAddress& local,
                                                                   std::function<std::string(TimePoint)> render);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

 private:
  struct Http;  // what the library calls

  MetricsServer(Loop& loop, platform::FileDescriptor listener, std::function<std::string(TimePoint)> render);
  [[nodiscard]] Result<void> start();
  void run(TimePoint now);
  [[nodiscard]] const std::string& metrics();

  Loop& loop_;
  platform::FileDescriptor listener_;
  std::function<std::string(TimePoint)> render_;
  std::string text_;
  TimePoint stale_at_{};
  TimePoint next_run_ = kNever;
  MHD_Daemon* daemon_ = nullptr;
  std::unique_ptr<Watch> watch_;
};

}  // namespace softlan::runtime
