#include "sim/frame.h"

#include "proto/ethernet.h"

namespace softlan::sim {

namespace {

constexpr std::uint16_t kEthertype = 0x88b6;

std::uint8_t pattern(std::uint32_t flow, std::uint32_t number, std::size_t at) {
  return static_cast<std::uint8_t>(flow * 7 + number * 31 + at);
}

}  // namespace

std::vector<std::uint8_t> make_frame(const proto::Mac& to, const proto::Mac& from, std::uint32_t flow,
                                     std::uint32_t number, std::size_t size) {
  std::vector<std::uint8_t> frame(size);
  to.store(&frame[0]);
  from.store(&frame[6]);
  store_be16(&frame[12], kEthertype);
  store_be32(&frame[14], flow);
  store_be32(&frame[18], number);
  for (std::size_t at = kSmallestFrame; at < size; ++at) frame[at] = pattern(flow, number, at);
  return frame;
}

std::optional<FlowFrame> read_frame(Bytes frame) {
  if (frame.size() < kSmallestFrame || load_be16(&frame[12]) != kEthertype) return std::nullopt;
  FlowFrame read{.flow = load_be32(&frame[14]), .number = load_be32(&frame[18]), .intact = true};
  for (std::size_t at = kSmallestFrame; at < frame.size(); ++at) {
    read.intact = read.intact && frame[at] == pattern(read.flow, read.number, at);
  }
  return read;
}

}  // namespace softlan::sim
