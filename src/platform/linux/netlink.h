// Word from rtnetlink(7) when the machine's network may have changed; best_route() of platform/routes.h asks there,
// too.
#pragma once

#include "base/result.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

// Hears of changed interfaces, addresses and routes.
class RouteMonitor {
 public:
  [[nodiscard]] static Result<RouteMonitor> open();

  // Readable when drain() has something to do.
  [[nodiscard]] int fd() const { return socket_.get(); }
  // Takes all that has arrived; true when something changed, or may have (word was lost).
  [[nodiscard]] bool drain();

 private:
  explicit RouteMonitor(FileDescriptor socket) : socket_(std::move(socket)) {}
  FileDescriptor socket_;
};

}  // namespace softlan::platform
