#include "obs/prometheus.h"

#include <fmt/format.h>

#include <iterator>

namespace softlan::obs {
namespace {

// As a label's value is quoted: backslash, quote and line feed.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

void PrometheusText::family(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                 type == MetricType::counter ? "counter" : "gauge");
}

void PrometheusText::sample(std::initializer_list<Label> labels, double value) {
  write(labels, fmt::format("{}", value));
}

void PrometheusText::write(std::initializer_list<Label> labels, std::string_view value) {
  text_ += name_;
  char separator = '{';
  for (const Label& label : labels) {
    fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", separator, label.name, escaped(label.value));
    separator = ',';
  }
  fmt::format_to(std::back_inserter(text_), "{} {}\n", labels.size() > 0 ? "}" : "", value);
}

}  // namespace softlan::obs
