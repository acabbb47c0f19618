// A whole party on one virtual clock: the relay, its members, their homes, a LAN, and what they say to each other.
//
// Everything that decides is the real thing: QUIC and TLS, relay, session, bridges. Everything that moves bytes is
// simulated. The same seed and the same calls give the same run, to the nanosecond.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/credentials.h"
#include "sim/internet.h"
#include "sim/sim_client.h"
#include "sim/sim_gateway.h"
#include "sim/sim_relay.h"
#include "sim/traffic.h"

namespace softlan::sim {

class World {
 public:
  // Borrows `credentials`, which limit the number of members.
  World(std::uint64_t seed, const Credentials& credentials, bool keep_timeline = false);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  SimClient& add_client(const std::string& room, const LineConfig& line, Duration join_timeout = {});
  SimGateway& add_gateway(const std::string& room, const LineConfig& line);
  const Place& add_host(SimGateway& gateway);

  void start();
  void run_for(Duration time);
  // Until it is true, or the time is over; whether it became true.
  bool run_until(const std::function<bool()>& condition, Duration at_most);

  [[nodiscard]] bool everyone_seated() const;

  [[nodiscard]] Sim& sim() { return sim_; }
  [[nodiscard]] const Sim& sim() const { return sim_; }
  [[nodiscard]] Internet& internet() { return internet_; }
  [[nodiscard]] const Internet& internet() const { return internet_; }
  [[nodiscard]] SimRelay& relay() { return relay_; }
  [[nodiscard]] const SimRelay& relay() const { return relay_; }
  [[nodiscard]] Traffic& traffic() { return traffic_; }
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }
  [[nodiscard]] const std::vector<std::unique_ptr<SimMember>>& members() const { return members_; }
  [[nodiscard]] const std::deque<Place>& places() const { return places_; }
  [[nodiscard]] const Place& place_of(const Station& station) const;

 private:
  [[nodiscard]] MemberSetup setup(const std::string& name, ctrl::Role role, const std::string& room) const;
  [[nodiscard]] proto::Mac next_mac();

  Sim sim_;
  Internet internet_{sim_};
  const Credentials& credentials_;
  SimRelay relay_;
  std::vector<std::unique_ptr<SimMember>> members_;
  std::deque<Place> places_;
  Traffic traffic_{sim_};
  std::uint8_t next_mac_ = 0;
};

}  // namespace softlan::sim
