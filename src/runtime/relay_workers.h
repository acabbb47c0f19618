// The workers of a relay, as its control thread sees them: it asks, and waits for their answers.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "base/time.h"
#include "relay/relay.h"
#include "runtime/relay_report.h"

namespace softlan::runtime {

class RelayWorkers {
 public:
  // `now` is the worker's own turn's.
  using Work = std::function<void(std::size_t worker, relay::Relay& relay, TimePoint now)>;

  virtual ~RelayWorkers() = default;
  [[nodiscard]] virtual std::size_t count() const = 0;
  // `work` is done by all of them, at the same time ...
  virtual void ask_all(const Work& work) = 0;
  // ... or by the one that a room of this canonical code lives on.
  virtual void ask_room(std::string_view code, const Work& work) = 0;
  // Of all together.
  [[nodiscard]] virtual PacketCounters packets() = 0;
};

}  // namespace softlan::runtime
