// Word when the machine's interfaces, addresses or routes change.
#pragma once

#include <array>
#include <functional>

namespace softlan::platform {

class NetworkChanges {
 public:
  // `on_change` is called by threads of the system's, until this ends, once for every change and maybe at the same
  // time. A system that does not tell is none the worse for it: whoever asks looks now and then anyway.
  explicit NetworkChanges(std::function<void()> on_change);
  ~NetworkChanges();
  NetworkChanges(const NetworkChanges&) = delete;
  NetworkChanges& operator=(const NetworkChanges&) = delete;

 private:
  std::function<void()> on_change_;
  std::array<void*, 3> subscriptions_{};  // interfaces, addresses, routes
};

}  // namespace softlan::platform
