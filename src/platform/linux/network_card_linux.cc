#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "platform/linux/ethernet_link.h"
#include "platform/linux/file_descriptor.h"
#include "platform/linux/interface.h"
#include "platform/linux/netlink_request.h"
#include "platform/linux/network_card.h"
#include "platform/linux/offload_features.h"

namespace softlan::platform {

namespace {

// The first word of a small file; empty when it cannot be read.
std::string word_in(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

std::optional<unsigned> number_in(const std::string& path) {
  const std::string word = word_in(path);
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (fault != std::errc{} || end == word.data()) return std::nullopt;  // "-1": not known
  return number;
}

struct Kind {
  bool ethernet = false;
  std::string text;  // of a virtual interface
};

int keep_kind(const nlattr* attribute, void* text) {
  if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND) *static_cast<std::string*>(text) = mnl_attr_get_str(attribute);
  return MNL_CB_OK;
}

Kind kind_of(int index) {
  NetlinkRequest request(RTM_GETLINK, false);
  request.body<ifinfomsg>()->ifi_index = index;
  Kind kind;
  (void)request.ask([&](const nlmsghdr* answer) {
    kind.ethernet = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(answer))->ifi_type == ARPHRD_ETHER;
    const NetlinkAttributes<IFLA_LINKINFO> attributes(answer, sizeof(ifinfomsg));
    if (attributes[IFLA_LINKINFO]) mnl_attr_parse_nested(attributes[IFLA_LINKINFO], keep_kind, &kind.text);
  });
  return kind;
}

bool glues_packets_together(const std::string& name) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ethtool_value flags{.cmd = ETHTOOL_GFLAGS, .data = 0};
  ifreq call{};
  std::ranges::copy(name, call.ifr_name);
  call.ifr_data = reinterpret_cast<char*>(&flags);
  return ioctl(socket.get(), SIOCETHTOOL, &call) == 0 && (flags.data & ETH_FLAG_LRO) != 0;
}

void look_at_sysfs(const std::string& folder, doctor::Card& card) {
  if (number_in(folder + "/ifindex") != static_cast<unsigned>(card.index)) return;
  std::error_code ignored;
  card.wireless =
      std::filesystem::exists(folder + "/phy80211", ignored) || std::filesystem::exists(folder + "/wireless", ignored);
  card.megabits = number_in(folder + "/speed");
  const std::string duplex = word_in(folder + "/duplex");
  if (duplex == "half") card.duplex = doctor::Duplex::half;
  if (duplex == "full") card.duplex = doctor::Duplex::full;
}

}  // namespace

doctor::Card look_at_card(const std::string& name, const std::string& sysfs) {
  doctor::Card card{.name = name};
  if (!is_interface_name(name)) return card;
  const auto link = ethernet_link(static_cast<int>(if_nametoindex(name.c_str())));
  if (!link || link->name != name) return card;
  const Kind kind = kind_of(link->index);
  const InterfaceState state = interface_state(name);
  card.index = link->index;
  card.mac = link->mac;
  card.ethernet = kind.ethernet;
  card.kind = kind.text;
  card.up = state.up;
  card.carrier = state.carrier;
  card.owner = link->owner;
  if (!card.owner.empty()) card.owner_kind = kind_of(static_cast<int>(if_nametoindex(card.owner.c_str()))).text;
  card.large_receive = glues_packets_together(name);
  if (loses_udp_super_frames(kernel_release())) card.lossy_offloads = active_udp_offloads(name);
  card.proxy_arp = number_in("/proc/sys/net/ipv4/conf/" + name + "/proxy_arp").value_or(0) != 0;
  look_at_sysfs(sysfs + "/" + name, card);
  return card;
}

// Rights count in the user namespace that owns the network, which only the kernel can tell: it refuses these two
// questions before it finds that they ask for nothing.
std::vector<std::string> missing_rights() {
  std::vector<std::string> missing;
  const FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket && errno == EPERM) missing.emplace_back("CAP_NET_RAW");
  NetlinkRequest nothing(RTM_SETLINK, false);
  nothing.body<ifinfomsg>();
  if (nothing.ask([](const nlmsghdr*) {}) == EPERM) missing.emplace_back("CAP_NET_ADMIN");
  return missing;
}

doctor::Machine look_at_machine() {
  std::error_code ignored;
  return {.missing_rights = missing_rights(),
          .program = std::filesystem::read_symlink("/proc/self/exe", ignored).string(),
          .kernel = kernel_release(),
          .interfaces = interface_names()};
}

}  // namespace softlan::platform
