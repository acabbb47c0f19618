// The MAC of the player's adapter on Windows: set to the member's for as long as the client runs.
//
// The adapter reads it only when it starts, so it is restarted, and asked afterwards: a MAC that Windows says it has
// set is not yet the one the adapter has.
//
//   remember what was set --> set ours --> restart --> ask ---- ours --> use it --> set what was, restart, forget
//                              |             |          '- another's --> the same, and an error
//                              '- error -----'- error -----------------> the same, and the error
#pragma once

#include <optional>

#include "base/result.h"
#include "base/tap_adapters.h"
#include "base/undo.h"
#include "proto/mac.h"

namespace softlan::client {

class AdapterMac {
 public:
  static constexpr std::string_view kChange = "adapter-mac";  // Change::kind

  // Both borrowed.
  AdapterMac(TapAdapters& adapters, Undo& undo) : adapters_(adapters), undo_(undo) {}
  AdapterMac(const AdapterMac&) = delete;
  AdapterMac& operator=(const AdapterMac&) = delete;
  ~AdapterMac() { (void)give_back(); }

  // The adapter has that MAC afterwards, or the one it had before and there is an error. Once per object.
  [[nodiscard]] Result<void> take(const TapAdapter& adapter, const proto::Mac& mac);
  // Nothing to do when nothing was changed.
  [[nodiscard]] Result<void> give_back();

  // Puts back what an earlier run left behind. An adapter that is no more needs nothing.
  [[nodiscard]] static Result<void> put_back(TapAdapters& adapters, const Change& change);

 private:
  [[nodiscard]] Result<void> change(const TapAdapter& adapter, const proto::Mac& mac);

  TapAdapters& adapters_;
  Undo& undo_;
  std::optional<Change> change_;
};

}  // namespace softlan::client
