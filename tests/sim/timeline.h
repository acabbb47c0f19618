// What happened in a simulated run, in order: the text and the capture a failed run leaves behind, and one number by
// which two runs are compared.
//
// The hash covers times, nodes, kinds, sizes and words, not the bytes of UDP packets: TLS draws its own randomness, so
// those differ between runs of one seed while everything else must not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace softlan::sim {

enum class What : std::uint8_t {
  packet_sent,      // a: bytes
  packet_received,  // a: bytes
  packet_lost,      // a: bytes, b: Line::Loss
  frame_sent,       // a: flow, b: number in the flow
  frame_received,   // likewise
  note,             // in words
};

class Timeline {
 public:
  enum class Medium : std::uint8_t { ethernet, ip };
  // An event names its node by number.
  using Node = std::uint16_t;

  explicit Timeline(bool keep) : keep_(keep) {}

  [[nodiscard]] Node add_node(std::string name);
  void record(TimePoint when, Node node, What what, std::uint64_t a, std::uint64_t b = 0);
  void note(TimePoint when, Node node, std::string_view words);
  // Events and packets, for text() and pcapng().
  [[nodiscard]] bool keeps() const { return keep_; }
  // A packet for the capture file: an Ethernet frame, or an IP packet.
  void capture(TimePoint when, Node node, Medium medium, Bytes packet);

  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::size_t events() const { return count_; }
  // One line per event. Empty unless it was made to keep them.
  [[nodiscard]] std::string text() const;
  // In pcapng form, one interface for each node and medium.
  [[nodiscard]] std::vector<std::uint8_t> pcapng() const;

 private:
  struct Event {
    TimePoint when;
    Node node;
    What what;
    std::uint64_t a;  // of a note: its index
    std::uint64_t b;
  };
  struct Captured {
    TimePoint when;
    std::uint32_t interface;
    std::vector<std::uint8_t> packet;
  };

  void mix(std::uint64_t value);
  [[nodiscard]] std::uint32_t interface_of(Node node, Medium medium);

  bool keep_;
  std::uint64_t hash_ = 0;
  std::size_t count_ = 0;
  std::vector<std::string> nodes_;
  std::vector<Event> events_;
  std::vector<std::string> notes_;
  struct Interface {
    Node node;
    Medium medium;
  };
  std::vector<Interface> interfaces_;
  std::vector<Captured> captured_;
};

}  // namespace softlan::sim
