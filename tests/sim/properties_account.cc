// Where every frame went, stage by stage:
//
//   station -> bridge -> link queue -> datagrams up -> relay -> link queue -> datagrams down -> bridge -> station
#include <fmt/format.h>

#include <algorithm>

#include "obs/snapshot.h"
#include "sim/properties.h"

namespace softlan::sim {

namespace {

// A packet of 1472 bytes holds no more of the smallest frames, with overlay and QUIC headers.
constexpr std::uint64_t kMostDatagramsInAPacket = 1472 / (kSmallestFrame + 4 + 3);

// What the links of one side have counted together.
struct Sum {
  std::uint64_t offered = 0;
  std::uint64_t handed_up = 0;
  obs::Counters counters;
  std::uint64_t ended = 0;  // links that were up and are not any more

  void add(const LinkAccount& account) {
    offered += account.offered;
    handed_up += account.handed_up;
    counters.in += account.counters.in;
    counters.out += account.counters.out;
    ended += account.was_up && account.ended ? 1 : 0;
  }
};

class Accounting {
 public:
  explicit Accounting(const World& world) : world_(world) {}

  Findings run() {
    for (const auto& member : world_.members()) check_member(*member);
    check_links("the relay", world_.relay().accounts(), relay_);
    check_air("up", members_.counters.out, relay_.counters.in, lost_up(), under_way(&Access::up));
    check_air("down", relay_.counters.out, members_.counters.in, lost_down(), under_way(&Access::down));
    if (undisturbed()) check_decisions();
    return std::move(findings_);
  }

 private:
  [[nodiscard]] bool undisturbed() const { return members_.ended + relay_.ended == 0; }

  void expect(bool condition, const std::string& what) {
    if (!condition) findings_.push_back(what);
  }

  void check_member(const SimMember& member) {
    const std::string& name = member.setup().name;
    const BridgeAccount bridge = member.bridge_account();
    const auto& in = bridge.counters.in;
    const auto& out = bridge.counters.out;
    expect(bridge.offered == in.frames + in.dropped_total(),
           fmt::format("{}: {} frames came, {} went on, {} were dropped", name, bridge.offered, in.frames,
                       in.dropped_total()));
    Sum links;
    check_links(name, member.accounts(), links);
    expect(links.offered == in.frames + bridge.own,
           fmt::format("{}: the bridge let {} frames pass and sent {}, its links got {}", name, in.frames, bridge.own,
                       links.offered));
    // The session drops what it cannot attribute, as from a member that has left since, and says so only in its stats
    // message.
    const std::uint64_t written = out.frames + out.dropped_total();
    const bool somebody_left =
        std::ranges::any_of(world_.relay().accounts(), [](const LinkAccount& one) { return one.was_up && one.ended; });
    const bool may_differ = links.ended > 0 || somebody_left || member.access().down().ledger().lost() > 0;
    expect(written <= links.handed_up && (may_differ || written == links.handed_up),
           fmt::format("{}: {} frames came from the relay, {} reached the bridge", name, links.handed_up, written));
    add(members_, links);
  }

  static void add(Sum& to, const Sum& more) {
    to.offered += more.offered;
    to.handed_up += more.handed_up;
    to.counters.in += more.counters.in;
    to.counters.out += more.counters.out;
    to.ended += more.ended;
  }

  void check_links(const std::string& whose, const std::vector<LinkAccount>& accounts, Sum& sum) {
    for (const LinkAccount& account : accounts) {
      const auto& out = account.counters.out;
      const std::uint64_t settled = out.frames + out.dropped_total();
      expect(settled <= account.offered && (account.ended || settled == account.offered),
             fmt::format("{}: a link got {} frames, sent {} and dropped {}", whose, account.offered, out.frames,
                         out.dropped_total()));
      expect(account.handed_up == account.counters.in.frames,
             fmt::format("{}: a link read {} frames and handed up {}", whose, account.counters.in.frames,
                         account.handed_up));
      sum.add(account);
    }
  }

  // Links that ended may have lost datagrams of their own; otherwise the network's ledger bounds the loss.
  void check_air(const std::string& way, const obs::DirectionCounters& sent, const obs::DirectionCounters& received,
                 std::uint64_t packets_lost, std::uint64_t packets_under_way) {
    const std::uint64_t arrived = received.datagrams;
    expect(arrived <= sent.datagrams, fmt::format("{}: {} datagrams sent, {} received", way, sent.datagrams, arrived));
    if (arrived > sent.datagrams || !undisturbed()) return;
    const std::uint64_t lost = sent.datagrams - arrived;
    expect(lost <= (packets_lost + packets_under_way) * kMostDatagramsInAPacket,
           fmt::format("{}: {} datagrams lost, but only {} packets", way, lost, packets_lost));
    if (packets_lost > 0) return;
    // Whoever was stopped in the middle of a frame leaves it unfinished for too long.
    const std::uint64_t torn = somebody_was_stopped() ? received.dropped(obs::DropReason::reassembly_timeout) : 0;
    expect(received.dropped_total() == torn && sent.frames - received.frames <= torn,
           fmt::format("{}: {} frames sent, {} received, nothing lost", way, sent.frames, received.frames));
  }

  [[nodiscard]] bool somebody_was_stopped() const {
    if (world_.relay().process()->was_stopped()) return true;
    return std::ranges::any_of(world_.members(), [](const auto& member) { return member->process()->was_stopped(); });
  }

  [[nodiscard]] std::uint64_t under_way(const Line& (Access::*line)() const) const {
    std::uint64_t packets = 0;
    for (const auto& member : world_.members()) packets += (member->access().*line)().ledger().under_way();
    return packets;
  }

  [[nodiscard]] std::uint64_t lost_up() const {
    std::uint64_t lost = world_.internet().undeliverable() + world_.relay().overflowed();
    for (const auto& member : world_.members()) lost += member->access().up().ledger().lost();
    return lost;
  }

  [[nodiscard]] std::uint64_t lost_down() const {
    std::uint64_t lost = 0;
    for (const auto& member : world_.members()) {
      lost += member->access().down().ledger().lost() + member->access().undeliverable() + member->overflowed();
    }
    return lost;
  }

  // What the rooms say they decided on and sent is what the links say they gave and got.
  void check_decisions() {
    obs::Counters rooms;
    for (const auto& [code, room] : world_.relay().process()->core().rooms()) {
      const obs::Counters total = room->total();
      rooms.in += total.in;
      rooms.out += total.out;
    }
    expect(rooms.in.frames == relay_.handed_up,
           fmt::format("the relay got {} frames and decided on {}", relay_.handed_up, rooms.in.frames));
    expect(rooms.out.frames == relay_.offered,
           fmt::format("the relay sent {} frames and counted {}", relay_.offered, rooms.out.frames));
  }

  const World& world_;
  Findings findings_;
  Sum members_;
  Sum relay_;
};

}  // namespace

std::vector<std::string> accounts_in_words(const World& world) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& name, const std::vector<LinkAccount>& accounts) {
    for (const LinkAccount& account : accounts) {
      lines.push_back(fmt::format("{}: link{} got {} frames, sent {}, handed up {}; drops {}", name,
                                  account.ended ? " (ended)" : "", account.offered, account.counters.out.frames,
                                  account.handed_up, obs::drops_text(account.counters)));
    }
  };
  add("relay", world.relay().accounts());
  for (const auto& member : world.members()) {
    add(member->setup().name, member->accounts());
    lines.push_back(
        fmt::format("{}: bridge drops {}", member->setup().name, obs::drops_text(member->bridge_account().counters)));
  }
  return lines;
}

Findings every_frame_is_accounted_for(const World& world) { return Accounting(world).run(); }

}  // namespace softlan::sim
