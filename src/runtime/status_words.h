// Numbers and tables as a person reads them in an answer to "status".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "obs/snapshot.h"

namespace softlan::runtime {

// "12.3 ms"; "-" for none.
[[nodiscard]] std::string in_ms(std::optional<Duration> time);
// "45 s", "12 min", "3 h 05 min", "2 d 03 h".
[[nodiscard]] std::string in_words(Duration time);
// "64/s 12.3 kB/s".
[[nodiscard]] std::string in_words(const obs::DirectionRates& rates);

[[nodiscard]] double seconds(Duration time);

// Rows of text under each other, columns two blanks apart and as wide as their widest cell.
class Table {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back({std::move(cells), {}}); }
  // A line under the latest row.
  void note(std::string text) { rows_.back().notes.push_back(std::move(text)); }
  // Each line begins with `indent` blanks, a note with four more.
  [[nodiscard]] std::string text(std::size_t indent) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> notes;
  };
  std::vector<Row> rows_;
};

}  // namespace softlan::runtime
