#include "runtime/status_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.h"
#include "runtime/status_words.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kLongest = 1000;  // characters of one line, before it is cut to the width
constexpr std::size_t kGap = 2;         // columns between what is on the left and on the right

std::string labelled(std::string_view label, std::string_view text) { return fmt::format("{:<9}{}", label, text); }

class Lines {
 public:
  explicit Lines(std::size_t width) : width_(width) {}

  // `right` ends where the line ends, and is left out where there is no room for both.
  void add(Mood mood, std::string_view left, const std::string& right = {}) {
    std::string text = printable(left, kLongest);
    const std::size_t taken = columns(right);
    if (taken > 0 && taken + kGap + std::min<std::size_t>(columns(text), 20) <= width_) {
      text = fit(text, width_ - taken - kGap);
      text += std::string(width_ - taken - columns(text), ' ') + right;
    }
    lines_.push_back({mood, fit(text, width_)});
  }
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::vector<ViewLine> take() { return std::move(lines_); }

 private:
  std::size_t width_;
  std::vector<ViewLine> lines_;
};

std::string distance(std::optional<Duration> round_trip, const session::EchoTally& echoes) {
  std::string text = round_trip ? in_ms(round_trip) : "";
  if (const auto lost = percent_lost(echoes)) text += fmt::format("{}{:.1f} % lost", text.empty() ? "" : ", ", *lost);
  return text;
}

const ctrl::PeerJoined* gateway_of(const session::Status& status) {
  const auto found = std::ranges::find(status.peers, ctrl::Role::gateway, &ctrl::PeerJoined::role);
  return found == status.peers.end() ? nullptr : &*found;
}

std::string name_of(const ctrl::PeerJoined& peer) { return peer.name.empty() ? proto::to_string(peer.mac) : peer.name; }

void add_relay(Lines& lines, const session::Status& status) {
  std::string relay = status.relay;
  const std::string address = status.relay_address ? to_string(*status.relay_address) : "";
  if (!address.empty() && address != relay) relay += fmt::format(" ({})", address);
  if (!status.seated) return lines.add(Mood::waiting, labelled("Relay", relay + ": not in the room now, trying"));
  lines.add(Mood::fine, labelled("Relay", relay), distance(status.round_trips.relay, status.echoes.relay));
}

void add_lan(Lines& lines, const session::Status& status) {
  if (status.trouble) return lines.add(Mood::wrong, labelled("LAN", obs::explain(*status.trouble, {})));
  if (!status.seated) return;
  if (status.role == ctrl::Role::gateway) return lines.add(Mood::fine, labelled("LAN", "players are on it"));
  const ctrl::PeerJoined* gateway = gateway_of(status);
  if (!status.gateway_present || !gateway) {
    return lines.add(Mood::waiting, labelled("LAN", "no gateway here: you reach the other players, but not the LAN"));
  }
  lines.add(Mood::fine, labelled("LAN", fmt::format("the gateway {} is here", name_of(*gateway))),
            distance(status.round_trips.gateway, status.echoes.gateway));
}

void add_address(Lines& lines, const CardFacts& card) {
  if (!card.addresses) return;
  if (card.addresses->empty()) return lines.add(Mood::waiting, labelled("Address", "none yet"));
  lines.add(Mood::fine, labelled("Address", fmt::format("{}", fmt::join(*card.addresses, ", "))));
}

std::string frames_text(const obs::DirectionCounters& counters, const obs::DirectionRates& rates) {
  return fmt::format("{} frames, {}", counters.frames, in_words(rates));
}

// The most frequent first.
std::string drops_text(const session::Status& status) {
  auto counts = obs::drop_counts(all_drops(status));
  if (counts.empty()) return "none";
  std::ranges::stable_sort(counts, std::greater(), &std::pair<std::string, std::uint64_t>::second);
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  return text;
}

// As many names as fit, the gateway's first, and how many there are beside them.
std::string here_text(const session::Status& status, std::size_t width) {
  if (status.peers.empty()) return "nobody else";
  const auto more = [](std::size_t count) { return fmt::format(" and {} more", count); };
  std::vector<const ctrl::PeerJoined*> peers;
  for (const ctrl::PeerJoined& peer : status.peers) peers.push_back(&peer);
  std::ranges::stable_partition(peers, [](const auto* peer) { return peer->role == ctrl::Role::gateway; });
  std::string text;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    std::string next = printable(name_of(*peers[i]));
    if (peers[i]->role == ctrl::Role::gateway) next += " (gateway)";
    if (i > 0) next.insert(0, ", ");
    const std::size_t rest = peers.size() - i - 1;
    if (i > 0 && columns(text) + columns(next) + (rest > 0 ? more(rest).size() : 0) > width) {
      return text + more(rest + 1);
    }
    text += next;
  }
  return text;
}

std::string title(const session::Status& status) {
  std::string text = "room " + status.room;
  if (!status.name.empty()) text += ", as " + status.name;
  if (status.seats > 1)
    text += fmt::format(" (came back {} {})", status.seats - 1, status.seats == 2 ? "time" : "times");
  return text;
}

}  // namespace

std::vector<ViewLine> status_view(const MemberReport& report, std::size_t width) {
  const session::Status& status = report.session;
  Lines lines(width);
  lines.add(status.seated ? Mood::fine : Mood::waiting, title(status), "up " + in_words(report.uptime));
  add_relay(lines, status);
  add_lan(lines, status);
  if (const auto& card = report.machine.card) {
    if (status.seated) add_address(lines, *card);
    lines.add(Mood::plain, labelled("Card", describe(*card)));
  }
  if (const auto& way = report.machine.way) lines.add(Mood::plain, labelled("Way", describe(*way)));
  std::string sent = frames_text(status.link.out, report.rates.out);
  if (status.budget != 0) sent += fmt::format("; a datagram holds {} bytes", status.budget);
  lines.add(Mood::plain, labelled("Sent", sent));
  lines.add(Mood::plain, labelled("Got", frames_text(status.link.in, report.rates.in)));
  lines.add(Mood::plain, labelled("Drops", drops_text(status)));
  if (status.seated) {
    const std::size_t label = columns(labelled("Here", ""));
    lines.add(Mood::plain, labelled("Here", here_text(status, width - std::min(width, label))));
  }
  for (const std::string& notice : report.machine.notices) lines.add(Mood::wrong, notice);
  return lines.take();
}

}  // namespace softlan::runtime
