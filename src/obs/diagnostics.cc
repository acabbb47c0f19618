#include "obs/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace softlan::obs {
namespace {

struct Entry {
  Condition condition;
  std::string_view name;
  std::string_view sentence;  // {relay}, {server_name}, {room}, {member}, {gateway} and {message} are filled in
};

constexpr auto kConditionCount = static_cast<std::size_t>(Condition::count_);

constexpr std::array<Entry, kConditionCount> kEntries{{
    {Condition::resolving, "resolving", "Looking up {relay}."},
    {Condition::connecting, "connecting", "Connecting to {relay}."},
    {Condition::waiting_for_welcome, "waiting_for_welcome", "Connected to {relay}; asking for a seat in room {room}."},
    {Condition::seated_with_gateway, "seated_with_gateway", "Joined room {room}. You are on the LAN."},
    {Condition::seated_without_gateway, "seated_without_gateway",
     "Joined room {room}. The gateway is not here yet: you reach the other players, but not the LAN."},
    {Condition::seated_as_gateway, "seated_as_gateway",
     "Joined room {room} as its gateway. Players can now join this LAN."},
    {Condition::gateway_joined, "gateway_joined", "{gateway} is here. You are on the LAN."},
    {Condition::gateway_left, "gateway_left",
     "{gateway} has left room {room}: the LAN is out of reach until it returns."},
    {Condition::member_joined, "member_joined", "{member} joined."},
    {Condition::member_left, "member_left", "{member} left."},
    {Condition::members_come_and_go, "members_come_and_go", "Many members come and go: {message}"},
    {Condition::lan_loop, "lan_loop",
     "The LAN has a loop, so players are kept off it until that is gone: look for a cable that connects two ports of "
     "the same switches, and unplug it."},
    {Condition::room_loop, "room_loop",
     "{member} passes what is meant for players back to this LAN, so players are kept off it until that ends: that "
     "computer is plugged into the LAN and has bridged the softlan adapter; undo the bridge there, or unplug it."},
    {Condition::loop_gone, "loop_gone", "The loop is gone: players are on the LAN again."},
    {Condition::member_loops, "member_loops",
     "{member} sends frames of this LAN back into the room and is kept off the LAN until that ends: take the softlan "
     "adapter out of the network bridge on that computer."},
    {Condition::member_on_lan, "member_on_lan",
     "{member} is plugged into this LAN as well, with the same MAC address: leave the room there, or unplug the "
     "cable."},
    {Condition::other_gateway, "other_gateway",
     "Another softlan gateway is on this LAN: with a room of its own that is fine, as long as no computer is in both "
     "rooms and bridges them."},
    {Condition::name_not_found, "name_not_found", "{relay} was not found: check the name and your DNS."},
    {Condition::relay_unreachable, "relay_unreachable",
     "{relay} does not answer: check the address, the port and that UDP is let through."},
    {Condition::relay_untrusted, "relay_untrusted",
     "{relay} cannot be trusted: {message} Ask the organiser for the current link or certificate file."},
    {Condition::relay_name_mismatch, "relay_name_mismatch",
     "The certificate of {relay} is not for the name {server_name}: check --server-name."},
    {Condition::relay_not_softlan, "relay_not_softlan",
     "{relay} answers, but it is not a softlan relay or one of another version."},
    {Condition::no_datagrams, "no_datagrams", "{relay} does not support QUIC datagrams, which softlan needs."},
    {Condition::no_welcome, "no_welcome", "{relay} accepted the connection but gave no answer."},
    {Condition::rejected, "rejected", "The relay refused: {message}"},
    {Condition::pass_needed, "pass_needed",
     "{relay} lets nobody in without a pass: join with the party's link, or give the pass of room {room}."},
    {Condition::relay_unproven, "relay_unproven",
     "{relay} does not know the pass of room {room}, so this may not be the relay you mean: {message}"},
    {Condition::relay_silent, "relay_silent",
     "Nothing is heard from {relay}: waiting for the network, and trying to reach it again."},
    {Condition::relay_heard, "relay_heard", "{relay} is heard again."},
    {Condition::relay_lost, "relay_lost", "The connection to {relay} was lost."},
    {Condition::relay_closed, "relay_closed", "{relay} closed the connection: {message}"},
    {Condition::relay_misunderstood, "relay_misunderstood",
     "{relay} said something this version cannot read: {message}"},
    {Condition::replaced, "replaced",
     "Your seat was taken over by the same identity elsewhere: two programs may not share an identity file."},
    {Condition::rejoining, "rejoining", "Rejoining room {room}."},
    {Condition::left, "left", "Left room {room}."},
}};

consteval bool entries_follow_the_enumeration() {
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<std::size_t>(kEntries[i].condition) != i) return false;
  }
  return true;
}
static_assert(entries_follow_the_enumeration());

const Entry& entry_of(Condition condition) {
  return kEntries[std::min(static_cast<std::size_t>(condition), kConditionCount - 1)];
}

std::string shown(const std::string& detail, std::string_view otherwise) {
  return detail.empty() ? std::string(otherwise) : printable(detail);
}

// Ends what another side said as our own sentences end.
std::string as_sentence(std::string text) {
  if (std::string_view(".!?").find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

std::string filled_in(std::string_view sentence, const Details& details) {
  using fmt::arg;
  return fmt::format(
      fmt::runtime(sentence),
      arg("relay", shown(details.relay, sentence.starts_with("{relay}") ? "The relay" : "the relay")),
      arg("server_name", shown(details.server_name, "it should have")), arg("room", shown(details.room, "(unnamed)")),
      arg("member", shown(details.member, "A member")),
      arg("gateway", details.member.empty() ? "The gateway" : "The gateway " + printable(details.member)),
      arg("message", as_sentence(shown(details.message, "no reason given"))));
}

// Whole seconds, rounded up: "in 0 s" would not be true.
std::string retry_text(Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return seconds <= 0 ? " Trying again now." : fmt::format(" Trying again in {} s.", seconds);
}

}  // namespace

std::string_view to_string(Condition condition) { return entry_of(condition).name; }

std::string explain(Condition condition, const Details& details) {
  std::string text = filled_in(entry_of(condition).sentence, details);
  if (details.retry_in) text += retry_text(*details.retry_in);
  return text;
}

}  // namespace softlan::obs
