// The file in which a program keeps what it changed on the machine until that is put back: one line of JSON for each
// change, oldest first, {"kind": "network", "target": "interface v4 77", "before": "automatic 25 1500 default-routes"}.
//
// Every write replaces the file in one step and is on the disk before it returns; without changes there is no file. A
// line that cannot be read is passed over. At most kMaxChanges.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/undo.h"
#include "obs/log.h"
#include "platform/file_lock.h"

namespace softlan::runtime {

class UndoJournal final : public Undo {
 public:
  static constexpr std::size_t kMaxChanges = 256;
  using Undoer = std::function<Result<void>(const Change&)>;

  // For this program alone: an error while another one has it.
  [[nodiscard]] static Result<UndoJournal> open(const std::string& file);

  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
  [[nodiscard]] Result<void> remember(const Change& change) override;
  void forget(const Change& change) override;

  // At a start, before anything is changed: has what an earlier run left put back, newest first, by the undoer of its
  // kind. What cannot be stays remembered, and is told.
  void recover(const std::map<std::string, Undoer>& undoers, obs::Log& log);

 private:
  UndoJournal(std::string file, platform::FileLock lock, std::vector<Change> changes)
      : file_(std::move(file)), lock_(std::move(lock)), changes_(std::move(changes)) {}
  [[nodiscard]] Result<void> save() const;

  std::string file_;
  platform::FileLock lock_;
  std::vector<Change> changes_;
};

}  // namespace softlan::runtime
