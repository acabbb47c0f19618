#include <utility>

#include "platform/linux/netlink.h"
#include "runtime/route_watch.h"
#include "runtime/watch.h"

namespace softlan::runtime {

struct RouteWatch::Source {
  Source(Loop& loop, platform::RouteMonitor opened, std::function<void(TimePoint)> on_change)
      : monitor(std::move(opened)), watch(loop, monitor.fd(), [this, on_change = std::move(on_change)](TimePoint now) {
          if (monitor.drain()) on_change(now);
          return false;
        }) {}

  platform::RouteMonitor monitor;
  Watch watch;
};

RouteWatch::RouteWatch(std::unique_ptr<Source> source) : source_(std::move(source)) {}
RouteWatch::~RouteWatch() = default;

Result<std::unique_ptr<RouteWatch>> RouteWatch::start(Loop& loop, std::function<void(TimePoint)> on_change) {
  auto monitor = platform::RouteMonitor::open();
  if (!monitor) return std::unexpected(monitor.error());
  auto source = std::make_unique<Source>(loop, *std::move(monitor), std::move(on_change));
  return std::unique_ptr<RouteWatch>(new RouteWatch(std::move(source)));
}

}  // namespace softlan::runtime
