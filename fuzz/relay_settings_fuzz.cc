// A relay.toml as somebody wrote it. A mistake is one line that can be shown and names its place; what is accepted
// keeps the bounds the relay relies on.
//
// Input: the file.

#include "base/text.h"
#include "ctrl/validate.h"
#include "fuzz/target.h"
#include "runtime/relay_settings.h"

namespace softlan::fuzz {
namespace {

constexpr runtime::Moment kMoment{.now = TimePoint{} + std::chrono::seconds(5), .unix_time = 1785758400};

void check_rules(const relay::RoomRules& rules) {
  SOFTLAN_CHECK(rules.max_seats >= 2 && rules.max_seats <= relay::kMaxSeats && rules.expires >= kMoment.now);
  for (const std::uint16_t port : rules.guards.opened_ports) SOFTLAN_CHECK(relay::is_shielded_port(port));
  for (const std::uint16_t vlan : rules.guards.allowed_vlans) SOFTLAN_CHECK(vlan >= 1 && vlan <= 4094);
}

void check_passes(const std::vector<relay::RoomPass>& passes) {
  SOFTLAN_CHECK(!passes.empty());
  for (const relay::RoomPass& pass : passes) {
    SOFTLAN_CHECK(pass.verifier.salt == passes.front().verifier.salt && pass.expires >= kMoment.now);
    SOFTLAN_CHECK(auth::parse_verifier(to_string(pass.verifier)) == pass.verifier);
  }
}

void check(const runtime::RelaySettings& settings) {
  SOFTLAN_CHECK(!settings.listen.empty() && settings.certificate_file.empty() == settings.key_file.empty());
  for (const std::string& address : settings.listen) SOFTLAN_CHECK(runtime::listen_problem(address).empty());
  SOFTLAN_CHECK(settings.relay.max_rooms >= 1 && settings.relay.room_mtu >= proto::kMinRoomMtu);
  check_rules(settings.relay.rules);
  for (const auto& [code, rules] : settings.relay.own_rules) {
    SOFTLAN_CHECK(ctrl::is_room_code(code) && ctrl::canonical_room(code) == code);
    check_rules(rules);
  }
  for (const auto& [code, passes] : settings.passes) {
    SOFTLAN_CHECK(settings.relay.own_rules.contains(code));
    check_passes(passes.clients);
    check_passes(passes.gateways);
  }
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace softlan;
  const auto settings = runtime::parse_relay_settings(fuzz::text_of({data, size}), "relay.toml", fuzz::kMoment);
  if (settings) {
    fuzz::check(*settings);
  } else {
    const std::string& told = settings.error().message;
    SOFTLAN_CHECK(told.starts_with("relay.toml:") && printable(told, told.size()) == told);
  }
  return 0;
}
