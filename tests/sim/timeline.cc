#include "sim/timeline.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/pcapng.h"

namespace softlan::sim {

namespace {

double seconds_of(TimePoint when) { return std::chrono::duration<double>(when.time_since_epoch()).count(); }

}  // namespace

Timeline::Node Timeline::add_node(std::string name) {
  nodes_.push_back(std::move(name));
  return static_cast<Node>(nodes_.size() - 1);
}

void Timeline::mix(std::uint64_t value) {
  hash_ = (hash_ ^ value) * 0x9e3779b97f4a7c15;
  hash_ ^= hash_ >> 29;
}

void Timeline::record(TimePoint when, Node node, What what, std::uint64_t a, std::uint64_t b) {
  mix(static_cast<std::uint64_t>(when.time_since_epoch().count()));
  mix(node * 64u + static_cast<unsigned>(what));
  mix(a);
  mix(b);
  ++count_;
  if (keep_) events_.push_back({when, node, what, a, b});
}

void Timeline::note(TimePoint when, Node node, std::string_view words) {
  std::uint64_t sum = words.size();
  for (const char letter : words) sum = sum * 131 + static_cast<unsigned char>(letter);
  mix(static_cast<std::uint64_t>(when.time_since_epoch().count()));
  mix(node * 64u + static_cast<unsigned>(What::note));
  mix(sum);
  ++count_;
  if (!keep_) return;
  events_.push_back({when, node, What::note, notes_.size(), 0});
  notes_.emplace_back(words);
}

std::uint32_t Timeline::interface_of(Node node, Medium medium) {
  for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
    if (interfaces_[i].node == node && interfaces_[i].medium == medium) return i;
  }
  interfaces_.push_back({node, medium});
  return static_cast<std::uint32_t>(interfaces_.size() - 1);
}

void Timeline::capture(TimePoint when, Node node, Medium medium, Bytes packet) {
  if (!keep_) return;
  captured_.push_back({when, interface_of(node, medium), {packet.begin(), packet.end()}});
}

std::string Timeline::text() const {
  std::string text;
  auto out = std::back_inserter(text);
  for (const Event& event : events_) {
    fmt::format_to(out, "{:13.6f}  {:<16}", seconds_of(event.when), nodes_[event.node]);
    switch (event.what) {
      case What::packet_sent:
        fmt::format_to(out, "packet sent      {} bytes\n", event.a);
        break;
      case What::packet_received:
        fmt::format_to(out, "packet received  {} bytes\n", event.a);
        break;
      case What::packet_lost:
        fmt::format_to(out, "packet lost      {} bytes, reason {}\n", event.a, event.b);
        break;
      case What::frame_sent:
        fmt::format_to(out, "frame sent       flow {} number {}\n", event.a, event.b);
        break;
      case What::frame_received:
        fmt::format_to(out, "frame received   flow {} number {}\n", event.a, event.b);
        break;
      case What::note:
        fmt::format_to(out, "* {}\n", notes_[event.a]);
        break;
    }
  }
  return text;
}

std::vector<std::uint8_t> Timeline::pcapng() const {
  PcapngWriter writer;
  for (const Interface& interface : interfaces_) {
    const bool is_ethernet = interface.medium == Medium::ethernet;
    writer.add_interface(is_ethernet ? PcapngWriter::kEthernet : PcapngWriter::kRawIp, nodes_[interface.node]);
  }
  for (const Captured& one : captured_) writer.add_packet(one.interface, one.when, one.packet);
  return writer.take();
}

}  // namespace softlan::sim
