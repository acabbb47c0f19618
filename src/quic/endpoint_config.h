// Settings of a QUIC endpoint, with the defaults of docs/PROTOCOL.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "egress/send_queue.h"

namespace softlan::quic {

enum class CongestionControl : std::uint8_t { reno, cubic, bbr };

struct EndpointConfig {
  std::uint8_t worker = 0;                   // first byte of a relay's own connection ids
  unsigned workers = 1;                      // how many a relay has
  std::size_t max_connections = 4096;        // established; while there are as many, Initials are ignored
  std::size_t max_half_open = 1024;          // a relay's unfinished handshakes; the oldest makes room for the next
  std::size_t retry_threshold = 64;          // with as many begun or waiting, newcomers are asked for their address
  std::array<std::uint8_t, 32> reset_key{};  // stateless reset tokens (RFC 9000, section 10.3) come from it
  Duration handshake_timeout = std::chrono::seconds(5);
  Duration idle_timeout = std::chrono::seconds(30);
  Duration keep_alive = std::chrono::seconds(5);  // after this much silence a PING is sent
  CongestionControl congestion_control = CongestionControl::cubic;
  // What congestion control takes for a packet, in bytes: it always leaves two of these in flight and grows by one a
  // round trip, so that single losses take little. Congestion is answered by FlightCeiling (docs/queues.md).
  std::size_t control_segment = 64 * 1024;
  // Largest UDP payload tried: 1472 fills a 1500-byte IPv4 path.
  std::size_t max_udp_payload = 1472;
  egress::QueueBounds queue;
  // What each connection may send, IP and UDP headers counted, bits a second; 0: as much as the network takes.
  std::uint64_t uplink_limit = 0;
};

}  // namespace softlan::quic
