#include "runtime/undo_journal.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "platform/files.h"

namespace softlan::runtime {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileSize = 256 * 1024;

std::optional<Change> read_change(const std::string& line) {
  const json entry = json::parse(line, nullptr, false);
  if (!entry.is_object()) return {};
  Change change;
  for (auto [name, text] : {std::pair("kind", &change.kind), {"target", &change.target}, {"before", &change.before}}) {
    const auto found = entry.find(name);
    if (found == entry.end() || !found->is_string()) return {};
    *text = *found;
  }
  return change;
}

std::string to_line(const Change& change) {
  return json{{"kind", change.kind}, {"target", change.target}, {"before", change.before}}.dump(
             -1, ' ', false, json::error_handler_t::replace) +
         "\n";
}

Result<std::vector<Change>> load(const std::string& file) {
  std::vector<Change> changes;
  if (!platform::file_exists(file)) return changes;
  const auto text = platform::read_file(file, kMaxFileSize);
  if (!text) return std::unexpected(text.error());
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line) && changes.size() < UndoJournal::kMaxChanges;) {
    if (auto change = read_change(line)) changes.push_back(std::move(*change));
  }
  return changes;
}

}  // namespace

Result<UndoJournal> UndoJournal::open(const std::string& file) {
  auto lock = platform::FileLock::take(file + ".lock");
  if (!lock) return std::unexpected(lock.error());
  auto changes = load(file);
  if (!changes) return std::unexpected(changes.error());
  return UndoJournal(file, std::move(*lock), std::move(*changes));
}

Result<void> UndoJournal::remember(const Change& change) {
  if (changes_.size() >= kMaxChanges)
    return fail("{} is full: it holds {} changes that could not be put back", file_, kMaxChanges);
  changes_.push_back(change);
  auto saved = save();
  if (!saved) changes_.pop_back();
  return saved;
}

// When that cannot be written, the next start puts back once more what is as it was.
void UndoJournal::forget(const Change& change) {
  if (std::erase(changes_, change) > 0) static_cast<void>(save());
}

void UndoJournal::recover(const std::map<std::string, Undoer>& undoers, obs::Log& log) {
  const std::vector<Change> left = changes_;
  for (auto change = left.rbegin(); change != left.rend(); ++change) {
    const auto undoer = undoers.find(change->kind);
    const Result<void> done =
        undoer == undoers.end() ? fail("this program does not know how") : undoer->second(*change);
    if (done) {
      log.info("put back after an earlier run", {{"what", change->target}});
      forget(*change);
    } else {
      log.warn("not put back after an earlier run", {{"what", change->target}, {"reason", done.error().message}});
    }
  }
}

Result<void> UndoJournal::save() const {
  if (changes_.empty()) {
    std::remove(file_.c_str());
    return {};
  }
  std::string text;
  for (const Change& change : changes_) text += to_line(change);
  return platform::write_private_file(file_, text);
}

}  // namespace softlan::runtime
