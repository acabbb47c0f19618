// What a short visit to the relay brought, and what it means for a party.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "ctrl/messages.h"
#include "doctor/finding.h"
#include "link/link.h"

namespace softlan::doctor {

// One visit: a connection, a hello, echoes while there is a seat, goodbye.
struct Visit {
  ctrl::Role role = ctrl::Role::client;
  bool with_pass = false;                 // one was offered
  std::optional<SocketAddress> answered;  // the address that was talked to
  std::vector<IpAddress::Family> silent;  // of the addresses that gave no answer, while others did
  std::optional<link::LinkEnd> end;       // why there is no connection
  bool seated = false;
  bool gateway_there = false;  // when seated
  bool proven = false;         // the relay has proven that it knows the pass
  std::optional<ctrl::Reject> reject;
  Duration rtt{};          // of the connection, as QUIC has it
  std::size_t budget = 0;  // bytes a datagram may hold
  unsigned echoes_sent = 0;
  std::vector<Duration> echoes;  // round trips, in the order of asking
};

struct Relay {
  std::string name;         // as the user wrote it
  std::string server_name;  // likewise
  std::string room;
  bool founds = false;        // the gateway would open the room with passes of its own
  bool found = true;          // its name has addresses
  std::vector<Visit> visits;  // the last one counts
};

// Mean difference between neighbours, as RFC 3550, section 6.4.1 has it, but over all; zero of less than two.
[[nodiscard]] Duration jitter(const std::vector<Duration>& echoes);

[[nodiscard]] Findings judge(const Relay& relay);

}  // namespace softlan::doctor
