// Metrics in the text format Prometheus reads (exposition format 0.0.4): what a family is, once, then its samples.
//
//   text.family("lanparty_rooms", MetricType::gauge, "Rooms that are open.");
//   text.sample({}, 2u);
//
// Names follow Prometheus' conventions: base units, counters end in _total. Text only: no I/O, no clock.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace softlan::obs {

enum class MetricType : std::uint8_t { counter, gauge };

struct Label {
  std::string_view name;
  std::string_view value;  // any text
};

class PrometheusText {
 public:
  // All samples of the family follow.
  void family(std::string_view name, MetricType type, std::string_view help);
  void sample(std::initializer_list<Label> labels, std::unsigned_integral auto value) {
    write(labels, std::to_string(value));
  }
  void sample(std::initializer_list<Label> labels, double value);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void write(std::initializer_list<Label> labels, std::string_view value);

  std::string name_;
  std::string text_;
};

}  // namespace softlan::obs
