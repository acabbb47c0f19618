// Word when the machine's interfaces, addresses or routes may have changed.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class RouteWatch {
 public:
  // `on_change` is called in turns; on Windows every five seconds besides, because there some changes are not told.
  [[nodiscard]] static Result<std::unique_ptr<RouteWatch>> start(Loop& loop, std::function<void(TimePoint)> on_change);
  ~RouteWatch();
  RouteWatch(const RouteWatch&) = delete;
  RouteWatch& operator=(const RouteWatch&) = delete;

 private:
  struct Source;
  explicit RouteWatch(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

}  // namespace softlan::runtime
