#include "runtime/status_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace softlan::runtime {

namespace {

// Code points, which is what most scripts take in columns.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string bytes_per_second(double bytes) {
  if (bytes < 1e3) return fmt::format("{:.0f} B/s", bytes);
  if (bytes < 1e6) return fmt::format("{:.1f} kB/s", bytes / 1e3);
  return fmt::format("{:.1f} MB/s", bytes / 1e6);
}

}  // namespace

std::string in_ms(std::optional<Duration> time) { return time ? fmt::format("{:.1f} ms", 1000 * seconds(*time)) : "-"; }

std::string in_words(Duration time) {
  const auto s = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min", s / 60);
  if (s < 86400) return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
  return fmt::format("{} d {:02} h", s / 86400, s / 3600 % 24);
}

std::string in_words(const obs::DirectionRates& rates) {
  return fmt::format("{:.0f}/s {}", rates.frames_per_second, bytes_per_second(rates.bits_per_second / 8));
}

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

std::string Table::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const Row& row : rows_) {
    widths.resize(std::max(widths.size(), row.cells.size()));
    for (std::size_t i = 0; i < row.cells.size(); ++i) widths[i] = std::max(widths[i], width(row.cells[i]));
  }
  std::string text;
  for (const Row& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      line += row.cells[i] + std::string(widths[i] - width(row.cells[i]) + 2, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    for (const std::string& note : row.notes) text += std::string(indent + 4, ' ') + note + '\n';
  }
  return text;
}

}  // namespace softlan::runtime
