// What the log says about members and their traffic. Text only; nothing is decided here.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "obs/log.h"
#include "proto/ethernet.h"
#include "relay/admission.h"
#include "relay/forwarder.h"
#include "relay/room.h"

namespace softlan::relay {

void log_joined(obs::Log& log, const Room& room, const Seat& seat);
void log_left(obs::Log& log, const Room& room, const Seat& seat, std::string_view reason);
// One forwarding decision.
void log_decision(obs::Log& log, obs::Level level, const Room& room, const Seat& from, Bytes frame,
                  const Verdict& verdict);
// What a member said about itself, at debug level.
void log_stats(obs::Log& log, const Room& room, const Seat& seat);

// One traffic line a room, at every report in which its counters moved.
class TrafficReport {
 public:
  void write(obs::Log& log, const Rooms& rooms);

 private:
  std::map<std::string, std::uint64_t, std::less<>> frames_seen_;  // by room code, at its last line
};

}  // namespace softlan::relay
