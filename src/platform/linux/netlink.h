// The kernel's routes: which way leads to the relay, and word when that may have changed.
//
// Asks over rtnetlink(7) and changes nothing: the machine's routing tables stay as they are.
#pragma once

#include <optional>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

struct Route {
  std::string interface;
  int index = 0;     // of that interface
  IpAddress source;  // family none when the kernel names none
  std::optional<IpAddress> gateway;
};

// The way packets to `destination` take. When that leads through the interface with index `ignore_interface` (0: none,
// used for our own TAP), the best route of the main table that does not: longest prefix, then lowest metric.
[[nodiscard]] Result<Route> best_route(const IpAddress& destination, int ignore_interface = 0);

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
