#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_mirred.h>
#include <net/if.h>

#include <array>
#include <bit>
#include <cerrno>

#include "base/text.h"
#include "platform/linux/host_tap.h"
#include "platform/linux/lan_filter.h"
#include "platform/linux/netlink_request.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr std::uint16_t kMtu = 1500;
constexpr int kMostPorts = 10;  // of gateways on one machine
constexpr std::uint16_t kEveryProtocol =
    std::endian::native == std::endian::little ? std::byteswap(std::uint16_t{ETH_P_ALL}) : std::uint16_t{ETH_P_ALL};

// A request that creates something of traffic control at `parent` of an interface.
class CreateRequest : public NetlinkRequest {
 public:
  CreateRequest(std::uint16_t type, int index, std::uint32_t handle, std::uint32_t parent, std::uint32_t info,
                const char* kind)
      : NetlinkRequest(type, false) {
    header()->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
    auto* body = this->body<tcmsg>();
    body->tcm_family = AF_UNSPEC;
    body->tcm_ifindex = index;
    body->tcm_handle = handle;
    body->tcm_parent = parent;
    body->tcm_info = info;
    mnl_attr_put_strz(header(), TCA_KIND, kind);
  }
  [[nodiscard]] int send() {
    return ask([](const nlmsghdr*) {});
  }
};

int open_ingress(int index) {
  return CreateRequest(RTM_NEWQDISC, index, TC_H_MAKE(TC_H_CLSACT, 0), TC_H_CLSACT, 0, "clsact").send();
}

void put_redirection(nlmsghdr* request, int target) {
  nlattr* actions = mnl_attr_nest_start(request, TCA_U32_ACT);
  nlattr* first = mnl_attr_nest_start(request, 1);
  mnl_attr_put_strz(request, TCA_ACT_KIND, "mirred");
  nlattr* options = mnl_attr_nest_start(request, TCA_ACT_OPTIONS);
  tc_mirred redirection{};
  redirection.action = TC_ACT_STOLEN;
  redirection.eaction = TCA_INGRESS_REDIR;
  redirection.ifindex = static_cast<std::uint32_t>(target);
  mnl_attr_put(request, TCA_MIRRED_PARMS, sizeof(redirection), &redirection);
  mnl_attr_nest_end(request, options);
  mnl_attr_nest_end(request, first);
  mnl_attr_nest_end(request, actions);
}

// One key without a single bit to compare: everything that comes in by `index`.
int redirect_everything(int index, int target) {
  constexpr std::uint32_t kPriority = 1U << 16;
  CreateRequest request(RTM_NEWTFILTER, index, 0, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), kPriority | kEveryProtocol,
                        "u32");
  alignas(tc_u32_sel) std::array<std::uint8_t, sizeof(tc_u32_sel) + sizeof(tc_u32_key)> everything{};
  auto* selector = reinterpret_cast<tc_u32_sel*>(everything.data());
  selector->flags = TC_U32_TERMINAL;
  selector->nkeys = 1;
  nlattr* options = mnl_attr_nest_start(request.header(), TCA_OPTIONS);
  mnl_attr_put(request.header(), TCA_U32_SEL, everything.size(), everything.data());
  put_redirection(request.header(), target);
  mnl_attr_nest_end(request.header(), options);
  return request.send();
}

Result<Tap> create_tap(const proto::Mac& mac) {
  for (int number = 0; number < kMostPorts; ++number) {
    const std::string name = fmt::format("lanparty-host{}", number);
    if (if_nametoindex(name.c_str()) == 0) return Tap::create(name, mac, kMtu);
  }
  return fail("{} interfaces called lanparty-host... exist already", kMostPorts);
}

}  // namespace

Result<HostTap> HostTap::open(const EthernetLink& interface) {
  if (!interface.owner.empty())
    return fail("{} is a part of {}; run the gateway with --interface {}", interface.name, interface.owner,
                interface.owner);
  auto tap = create_tap(interface.mac);
  if (!tap) return std::unexpected(tap.error());
  int error = open_ingress(tap->index());
  if (error == 0) error = redirect_everything(tap->index(), interface.index);
  if (error == ENOENT || error == EOPNOTSUPP)
    return fail("this kernel lacks sch_ingress, cls_u32 or act_mirred; load them with modprobe");
  if (error != 0) return fail("{} cannot be redirected to {}: {}", tap->name(), interface.name, system_reason(error));
  tap->put_tag(kHostTapTagType, kHostTapTag);
  return HostTap(std::move(*tap));
}

}  // namespace softlan::platform
