#include "sim/scenario_run.h"

#include <fmt/format.h>

#include <fstream>
#include <set>

#include "sim/world.h"

namespace softlan::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kSampled = milliseconds(100);
constexpr Duration kBackWithin = seconds(5);
constexpr Duration kCarrierBounce = milliseconds(1500);  // how long a client's card may be without one
constexpr Duration kCallSpacing = milliseconds(20);
constexpr std::size_t kCallSize = 200;
constexpr Duration kQuiet = seconds(1);
constexpr std::size_t kFallenMtu = 1280;
constexpr std::size_t kRisenMtu = 1500;
constexpr std::size_t kMostFindings = 20;

class Run {
 public:
  Run(const Scenario& scenario, const Credentials& credentials, bool keep)
      : scenario_(scenario), world_(scenario.seed, credentials, keep) {
    world_.internet().tells_unreachable = scenario.tells_unreachable;
    for (const PlannedMember& member : scenario.members) add(member);
  }

  Outcome play() {
    plan_faults();
    world_.start();
    start_traffic();
    advance(scenario_.calm_from());
    come_back();
    clear_weather();
    advance(kCarrierBounce);
    const auto roll = call_the_roll();
    for (const auto& member : world_.members()) member->hush();
    advance(kQuiet);
    append(outcome_.findings, everyone_hears_everyone(world_, roll));
    append(outcome_.findings, all_of_delivery(world_));
    append(outcome_.findings, every_frame_is_accounted_for(world_));
    append(outcome_.findings, nothing_is_held_on_to(world_));
    outcome_.hash = world_.sim().timeline.hash();
    outcome_.virtual_time = world_.sim().now().time_since_epoch();
    for (const Place& place : world_.places()) outcome_.delivered += place.station->arrivals().size();
    if (outcome_.findings.size() > kMostFindings) outcome_.findings.resize(kMostFindings);
    if (!outcome_.findings.empty()) outcome_.accounts = accounts_in_words(world_);
    return outcome_;
  }

  const Timeline& timeline() { return world_.sim().timeline; }

 private:
  void add(const PlannedMember& member) {
    if (!member.is_gateway) {
      world_.add_client(member.room, member.line);
      return;
    }
    SimGateway& gateway = world_.add_gateway(member.room, member.line);
    for (std::size_t i = 0; i < member.lan_hosts; ++i) world_.add_host(gateway);
  }

  void plan_faults() {
    for (const PlannedFault& fault : scenario_.faults) {
      world_.sim().scheduler.after(fault.begins, [this, fault] { begin(fault); });
      if (fault.lasts > Duration::zero()) {
        world_.sim().scheduler.after(fault.begins + fault.lasts, [this, fault] { end(fault); });
      }
    }
  }

  void begin(const PlannedFault& fault) {
    SimMember& member = *world_.members()[fault.member];
    switch (fault.kind) {
      case Fault::relay_restart:
        return world_.relay().kill();
      case Fault::relay_stop:
      case Fault::relay_freeze:
        return set_stopped(world_.relay().process(), true);
      case Fault::gateway_restart:
      case Fault::client_restart:
        return member.kill();
      case Fault::member_stop:
      case Fault::member_freeze:
        return set_stopped(member.process(), true);
      case Fault::nat_rebind:
        return member.access().rebind_nat();
      case Fault::line_cut:
        return member.access().set_cut(true);
      case Fault::mtu_rise:
        return member.access().set_mtu(kRisenMtu);
      case Fault::mtu_fall:
        return member.access().set_mtu(kFallenMtu);
      case Fault::count_:
        break;
    }
  }

  void end(const PlannedFault& fault) {
    SimMember& member = *world_.members()[fault.member];
    switch (fault.kind) {
      case Fault::relay_restart:
        return world_.relay().start();
      case Fault::relay_stop:
      case Fault::relay_freeze:
        return set_stopped(world_.relay().process(), false);
      case Fault::gateway_restart:
      case Fault::client_restart:
        return member.start();
      case Fault::member_stop:
      case Fault::member_freeze:
        return set_stopped(member.process(), false);
      case Fault::line_cut:
        return member.access().set_cut(false);
      default:
        break;
    }
  }

  // A process that was killed meanwhile has nothing to stop or resume.
  static void set_stopped(Process* process, bool stopped) {
    if (!process || process->stopped() == stopped) return;
    if (stopped) {
      process->stop();
    } else {
      process->resume();
    }
  }

  // Everybody talks to everybody, and to the next in line.
  void start_traffic() {
    const TimePoint until = world_.sim().now() + scenario_.calm_from() + kBackWithin / 2;
    const auto& places = world_.places();
    for (std::size_t i = 0; i < places.size(); ++i) {
      world_.traffic().keep_sending(world_.traffic().open(places[i], nullptr), 4, until);
      for (std::size_t step = 1; step < places.size(); ++step) {
        const Place& other = places[(i + step) % places.size()];
        if (other.room != places[i].room) continue;
        world_.traffic().keep_sending(world_.traffic().open(places[i], &other), 15, until);
        break;
      }
    }
  }

  void advance(Duration time) {
    const TimePoint end = world_.sim().now() + time;
    while (world_.sim().now() < end) {
      world_.run_for(std::min<Duration>(kSampled, end - world_.sim().now()));
      append(outcome_.findings, seats_are_unique(world_));
      append(outcome_.findings, bounds_are_kept(world_));
    }
  }

  void come_back() {
    const TimePoint calm = world_.sim().now();
    while (!everyone_is_back(world_).empty() && world_.sim().now() < calm + kBackWithin) advance(kSampled);
    outcome_.back_after = world_.sim().now() - calm;
    append(outcome_.findings, everyone_is_back(world_));
    advance(calm + kBackWithin - world_.sim().now());
  }

  void clear_weather() {
    for (const auto& member : world_.members()) member->access().clear_weather();
  }

  // Slowly, and nobody twice in a row: it asks who is reachable, not how much a line carries.
  std::vector<const Flow*> call_the_roll() {
    std::vector<const Flow*> roll;
    const auto& places = world_.places();
    for (const Place& from : places) call(roll, from, nullptr);
    for (std::size_t step = 1; step < places.size(); ++step) {
      for (std::size_t i = 0; i < places.size(); ++i) {
        const Place& to = places[(i + step) % places.size()];
        if (places[i].room == to.room) call(roll, places[i], &to);
      }
    }
    advance(kCallSpacing * static_cast<int>(roll.size()));
    return roll;
  }

  void call(std::vector<const Flow*>& roll, const Place& from, const Place* to) {
    Flow& flow = world_.traffic().open(from, to);
    world_.sim().scheduler.after(kCallSpacing * static_cast<int>(roll.size()),
                                 [this, &flow] { (void)world_.traffic().send(flow, kCallSize); });
    roll.push_back(&flow);
  }

  const Scenario& scenario_;
  World world_;
  Outcome outcome_;
};

void write(const std::string& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

Outcome play(const Scenario& scenario, const Credentials& credentials, const std::string& folder) {
  Run run(scenario, credentials, !folder.empty());
  Outcome outcome = run.play();
  if (folder.empty()) return outcome;
  const std::string text = run.timeline().text();
  write(fmt::format("{}/{}.txt", folder, scenario.seed),
        {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  write(fmt::format("{}/{}.pcapng", folder, scenario.seed), run.timeline().pcapng());
  return outcome;
}

}  // namespace softlan::sim
