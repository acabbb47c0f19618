#include <atomic>
#include <utility>

#include "platform/windows/network_changes.h"
#include "runtime/alarm.h"
#include "runtime/route_watch.h"

namespace softlan::runtime {

namespace {
constexpr Duration kLookAnyway = std::chrono::seconds(5);
}

// Changes come in bursts, told by other threads: one turn for all that came before it.
struct RouteWatch::Source {
  Source(Loop& l, std::function<void(TimePoint)> change)
      : loop(l),
        on_change(std::move(change)),
        look_anyway(loop.context(), [this] { loop.turn([this](TimePoint now) { look(now); }); }),
        changes([this] { tell(); }) {
    look_anyway.set(kLookAnyway);
  }

  void tell() {
    if (told->exchange(true)) return;
    loop.post([this, noted = std::weak_ptr(told)](TimePoint now) {
      const auto here = noted.lock();
      if (!here) return;
      here->store(false);
      look(now);
    });
  }
  void look(TimePoint now) {
    look_anyway.set(kLookAnyway);
    on_change(now);
  }

  Loop& loop;
  std::function<void(TimePoint)> on_change;
  std::shared_ptr<std::atomic<bool>> told = std::make_shared<std::atomic<bool>>(false);
  Alarm look_anyway;
  platform::NetworkChanges changes;  // last: while it lives, tell() is called
};

RouteWatch::RouteWatch(std::unique_ptr<Source> source) : source_(std::move(source)) {}
RouteWatch::~RouteWatch() = default;

Result<std::unique_ptr<RouteWatch>> RouteWatch::start(Loop& loop, std::function<void(TimePoint)> on_change) {
  auto source = std::make_unique<Source>(loop, std::move(on_change));
  return std::unique_ptr<RouteWatch>(new RouteWatch(std::move(source)));
}

}  // namespace softlan::runtime
