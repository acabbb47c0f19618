#include <net/if.h>

#include <string_view>

#include "platform/linux/ethernet_link.h"
#include "platform/linux/netlink_request.h"

namespace softlan::platform {

namespace {

// What takes frames away from its parts before the machine's own stack sees them; a VRF, for one, does not.
bool takes_frames(std::string_view kind) { return kind == "bridge" || kind == "bond" || kind == "team"; }

struct SlaveKind {
  std::string_view text;
};

int keep_slave_kind(const nlattr* attribute, void* kind) {
  if (mnl_attr_get_type(attribute) == IFLA_INFO_SLAVE_KIND)
    static_cast<SlaveKind*>(kind)->text = mnl_attr_get_str(attribute);
  return MNL_CB_OK;
}

std::string owner_of(const NetlinkAttributes<IFLA_MAX>& attributes) {
  SlaveKind kind;
  if (attributes[IFLA_LINKINFO]) mnl_attr_parse_nested(attributes[IFLA_LINKINFO], keep_slave_kind, &kind);
  char name[IF_NAMESIZE] = "";
  if (!takes_frames(kind.text) || !if_indextoname(attributes.number_or(IFLA_MASTER, 0), name)) return {};
  return name;
}

EthernetLink load_link(const nlmsghdr* answer) {
  const auto* body = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(answer));
  const NetlinkAttributes<IFLA_MAX> attributes(answer, sizeof(ifinfomsg));
  EthernetLink link{.index = body->ifi_index,
                    .name = attributes[IFLA_IFNAME] ? mnl_attr_get_str(attributes[IFLA_IFNAME]) : "",
                    .mac = {},
                    .mtu = attributes.number_or(IFLA_MTU, 0),
                    .up = (body->ifi_flags & IFF_UP) != 0,
                    .carrier = (body->ifi_flags & IFF_RUNNING) != 0,
                    .owner = owner_of(attributes)};
  const nlattr* mac = attributes[IFLA_ADDRESS];
  if (mac && mnl_attr_get_payload_len(mac) == link.mac.bytes.size())
    link.mac = proto::Mac::load(static_cast<const std::uint8_t*>(mnl_attr_get_payload(mac)));
  return link;
}

}  // namespace

std::optional<EthernetLink> ethernet_link(int index) {
  NetlinkRequest request(RTM_GETLINK, false);
  request.body<ifinfomsg>()->ifi_index = index;
  std::optional<EthernetLink> found;
  const int error = request.ask([&](const nlmsghdr* answer) { found = load_link(answer); });
  return error == 0 ? found : std::nullopt;
}

}  // namespace softlan::platform
