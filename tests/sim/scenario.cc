#include "sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/random.h"

namespace softlan::sim {

namespace {

using std::chrono::milliseconds;

constexpr Duration kFaultsFrom = milliseconds(3000);
constexpr Duration kFaultsUntil = milliseconds(10000);
constexpr std::size_t kSmallestMtu = 1280;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  std::size_t between(std::size_t low, std::size_t high) { return low + random_.below(high - low + 1); }
  double up_to(double most) { return random_.unit() * most; }
  Duration between(Duration low, Duration high) {
    return low + Duration(static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>((high - low).count()))));
  }
  template <std::size_t N>
  std::size_t any_of(const std::size_t (&values)[N]) {
    return values[random_.below(N)];
  }

 private:
  SeededRandom random_;
};

LineConfig make_line(Dice& dice) {
  LineConfig line;
  line.delay = dice.between(milliseconds(1), milliseconds(60));
  if (dice.one_in(2)) line.jitter = dice.between(milliseconds(1), milliseconds(15));
  if (dice.one_in(3)) {
    line.bits_per_second = 2e6 + dice.up_to(30e6);
    line.queue_bytes = dice.between(16384, 131072);
  }
  if (dice.one_in(2)) line.loss = dice.up_to(0.03);
  if (dice.one_in(4)) line.burst_begin = dice.up_to(0.005);
  if (dice.one_in(4)) line.duplication = dice.up_to(0.02);
  if (dice.one_in(4)) line.reordering = dice.up_to(0.02);
  if (dice.one_in(3)) line.mtu = dice.any_of({1492, 1460, 1420, kSmallestMtu});
  return line;
}

bool hits_relay(Fault kind) {
  return kind == Fault::relay_restart || kind == Fault::relay_stop || kind == Fault::relay_freeze;
}

// Whom a fault of this kind can hit; none when it hits the relay.
std::vector<std::size_t> victims(const Scenario& scenario, Fault kind) {
  std::vector<std::size_t> found;
  if (hits_relay(kind)) return found;
  for (std::size_t i = 0; i < scenario.members.size(); ++i) {
    const bool is_gateway = scenario.members[i].is_gateway;
    if (kind == Fault::gateway_restart && !is_gateway) continue;
    if (kind == Fault::client_restart && is_gateway) continue;
    found.push_back(i);
  }
  return found;
}

Duration draw_length(Dice& dice, Fault kind) {
  switch (kind) {
    case Fault::nat_rebind:
    case Fault::mtu_rise:
    case Fault::mtu_fall:
      return {};
    case Fault::relay_stop:
    case Fault::member_stop:
      return dice.between(milliseconds(50), milliseconds(800));
    default:
      return dice.between(milliseconds(100), milliseconds(6000));
  }
}

void add_members(Scenario& scenario, Dice& dice) {
  const std::size_t rooms = dice.between(1, 2);
  for (std::size_t room = 1; room <= rooms; ++room) {
    const std::string code = fmt::format("PARTY{}", room);
    const std::size_t count = dice.between(2, rooms == 1 ? 6 : 3);
    const bool has_gateway = !dice.one_in(5);
    for (std::size_t i = 0; i < count; ++i) {
      PlannedMember member{.is_gateway = has_gateway && i == 0, .room = code, .line = make_line(dice), .lan_hosts = 0};
      if (member.is_gateway) member.lan_hosts = dice.between(1, 3);
      scenario.members.push_back(member);
    }
  }
}

void add_fault(Scenario& scenario, Dice& dice, Fault kind) {
  PlannedFault fault{.kind = kind, .begins = dice.between(kFaultsFrom, kFaultsUntil), .lasts = {}, .member = 0};
  fault.lasts = draw_length(dice, kind);
  const auto hit = victims(scenario, kind);
  if (hit.empty() && !hits_relay(kind)) return;
  if (!hit.empty()) fault.member = hit[dice.between(0, hit.size() - 1)];
  scenario.faults.push_back(fault);
}

}  // namespace

std::string_view to_string(Fault fault) {
  constexpr std::string_view kNames[] = {"relay_restart",  "relay_stop",  "relay_freeze",  "gateway_restart",
                                         "client_restart", "member_stop", "member_freeze", "nat_rebind",
                                         "line_cut",       "mtu_rise",    "mtu_fall"};
  static_assert(std::size(kNames) == static_cast<std::size_t>(Fault::count_));
  return kNames[static_cast<std::size_t>(fault)];
}

Duration Scenario::calm_from() const {
  Duration latest = kFaultsFrom;
  for (const PlannedFault& fault : faults) latest = std::max(latest, fault.begins + fault.lasts);
  return latest;
}

std::string Scenario::describe() const {
  std::string text = fmt::format("seed {}: {} members", seed, members.size());
  if (!tells_unreachable) text += ", no ICMP";
  for (const PlannedFault& fault : faults) {
    fmt::format_to(std::back_inserter(text), "; {} at {} ms for {} ms", to_string(fault.kind),
                   fault.begins / milliseconds(1), fault.lasts / milliseconds(1));
    if (!hits_relay(fault.kind)) fmt::format_to(std::back_inserter(text), " (member {})", fault.member + 1);
  }
  return text;
}

Scenario make_scenario(std::uint64_t seed, const std::set<Fault>& allowed) {
  Dice dice(seed);
  Scenario scenario;
  scenario.seed = seed;
  scenario.tells_unreachable = !dice.one_in(3);
  add_members(scenario, dice);
  if (allowed.empty()) return scenario;
  const std::size_t faults = dice.between(0, 3);
  for (std::size_t i = 0; i < faults; ++i) {
    add_fault(scenario, dice,
              *std::next(allowed.begin(), static_cast<std::ptrdiff_t>(dice.between(0, allowed.size() - 1))));
  }
  std::ranges::sort(scenario.faults, {}, &PlannedFault::begins);
  return scenario;
}

}  // namespace softlan::sim
