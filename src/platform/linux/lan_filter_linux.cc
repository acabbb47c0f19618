#include <linux/if_packet.h>

#include <algorithm>

#include "base/bytes.h"
#include "platform/linux/lan_filter.h"

namespace softlan::platform {

namespace {

using Program = std::vector<sock_filter>;

constexpr std::uint32_t kWholeFrame = 0xffff'ffff;
constexpr std::uint32_t kAncillary = static_cast<std::uint32_t>(SKF_AD_OFF);
constexpr std::uint32_t kDestination = 0;
constexpr std::uint32_t kSource = 6;
constexpr std::uint32_t kLastFourBytes = 2;  // from where a MAC begins
constexpr std::uint32_t kGroupBit = 0x01;
constexpr std::size_t kLeafSize = 16;

void load(Program& program, int size, std::uint32_t at) {
  program.push_back(BPF_STMT(static_cast<std::uint16_t>(BPF_LD | BPF_ABS | size), at));
}

// Skips this many instructions when the test holds, and when it does not.
void branch(Program& program, int test, std::uint32_t value, std::size_t if_so, std::size_t if_not) {
  program.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | BPF_K | test), value,
                             static_cast<std::uint8_t>(if_so), static_cast<std::uint8_t>(if_not)));
}

// A jump whose target is set by land().
std::size_t jump(Program& program) {
  program.push_back(BPF_STMT(BPF_JMP | BPF_JA, 0));
  return program.size() - 1;
}

void land(Program& program, std::size_t jump) {
  program[jump].k = static_cast<std::uint32_t>(program.size() - jump - 1);
}

void answer(Program& program, std::uint32_t bytes) { program.push_back(BPF_STMT(BPF_RET | BPF_K, bytes)); }

void refuse_host_tap(Program& program) {
  load(program, BPF_W, kAncillary + SKF_AD_VLAN_TAG_PRESENT);
  branch(program, BPF_JEQ, 0, 5, 0);
  load(program, BPF_W, kAncillary + SKF_AD_VLAN_TPID);
  branch(program, BPF_JEQ, kHostTapTagType, 0, 3);
  load(program, BPF_W, kAncillary + SKF_AD_VLAN_TAG);
  branch(program, BPF_JEQ, kHostTapTag, 0, 1);
  answer(program, 0);
}

void refuse_own(Program& program) {
  load(program, BPF_W, kAncillary + SKF_AD_PKTTYPE);
  branch(program, BPF_JEQ, PACKET_OUTGOING, 0, 3);
  load(program, BPF_W, kAncillary + SKF_AD_MARK);
  branch(program, BPF_JEQ, kOwnMark, 0, 1);
  answer(program, 0);
}

// Takes the whole frame when the loaded word is one of `words` (sorted); else goes on at a place to be set for `exits`.
void search(Program& program, std::span<const std::uint32_t> words, std::vector<std::size_t>& exits) {
  if (words.size() <= kLeafSize) {
    for (std::size_t i = 0; i < words.size(); ++i) branch(program, BPF_JEQ, words[i], words.size() - i, 0);
    exits.push_back(jump(program));
    answer(program, kWholeFrame);
    return;
  }
  const std::size_t half = words.size() / 2;
  branch(program, BPF_JGE, words[half], 0, 1);
  const std::size_t upper = jump(program);
  search(program, words.first(half), exits);
  land(program, upper);
  search(program, words.subspan(half), exits);
}

void take_if_member(Program& program, std::uint32_t address, std::span<const std::uint32_t> words) {
  load(program, BPF_W, address + kLastFourBytes);
  std::vector<std::size_t> exits;
  search(program, words, exits);
  for (const std::size_t exit : exits) land(program, exit);
}

std::vector<std::uint32_t> sorted_words(std::span<const proto::Mac> members) {
  std::vector<std::uint32_t> words;
  for (const proto::Mac& member : members) words.push_back(load_be32(&member.bytes[kLastFourBytes]));
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  return words;
}

}  // namespace

std::vector<sock_filter> member_filter(std::span<const proto::Mac> members) {
  const std::vector<std::uint32_t> words = sorted_words(members);
  Program program;
  refuse_host_tap(program);
  refuse_own(program);
  load(program, BPF_B, kDestination);
  branch(program, BPF_JSET, kGroupBit, 0, 1);
  answer(program, kWholeFrame);
  take_if_member(program, kDestination, words);
  take_if_member(program, kSource, words);
  answer(program, 0);
  return program;
}

std::vector<sock_filter> open_filter() {
  Program program;
  refuse_host_tap(program);
  refuse_own(program);
  answer(program, kWholeFrame);
  return program;
}

}  // namespace softlan::platform
