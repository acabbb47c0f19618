// One frame as forwarding, the guards and the frame log look at it.
//
// Input: the frame.

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/target.h"
#include "proto/ethernet.h"
#include "proto/test_frames.h"

namespace softlan::fuzz {
namespace {

bool lies_in(Bytes part, Bytes whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_view(const proto::FrameView& view) {
  const std::size_t header_size = proto::kEthernetHeaderSize + view.vlan_tags * std::size_t{4};
  SOFTLAN_CHECK(view.vlan_tags <= 2);
  SOFTLAN_CHECK(lies_in(view.payload, view.bytes) && view.payload.size() + header_size == view.bytes.size());
  SOFTLAN_CHECK(std::ranges::equal(view.destination.bytes, view.bytes.first(6)));
  SOFTLAN_CHECK(std::ranges::equal(view.source.bytes, view.bytes.subspan(6, 6)));
  const std::string words = proto::describe_ethertype(view);
  SOFTLAN_CHECK(!words.empty() && words.size() <= 8 && view.is_llc() == words.starts_with("llc "));
}

void check_transport(const proto::FrameView& view) {
  const bool is_ip = view.ethertype == proto::ethertype::ipv4 || view.ethertype == proto::ethertype::ipv6;
  const auto transport = proto::parse_transport(view);
  if (!is_ip) SOFTLAN_CHECK(!transport && !proto::is_dhcp_server_message(view));
  if (view.ethertype != proto::ethertype::ipv6) SOFTLAN_CHECK(!proto::is_router_advertisement(view));
  if (!transport) return;
  SOFTLAN_CHECK(lies_in(transport->header, view.payload));
  SOFTLAN_CHECK(transport->first_fragment || transport->is_fragment);
  SOFTLAN_CHECK(transport->source.family == transport->destination.family);
  // With its transport header in sight a packet is judged by it and by nothing else.
  const bool has_ports = transport->protocol == 17 && transport->first_fragment && transport->header.size() >= 2;
  const int server_port = view.ethertype == proto::ethertype::ipv4 ? 67 : 547;
  const bool from_server = has_ports && load_be16(transport->header.data()) == server_port;
  SOFTLAN_CHECK(proto::is_dhcp_server_message(view) == from_server);
}

// A VLAN tag hides nothing from the guards.
void check_tagged(const proto::FrameView& view) {
  if (view.vlan_tags == 2) return;
  const auto bytes = proto::test::vlan({view.bytes.begin(), view.bytes.end()}, 7);
  const auto tagged = proto::parse_frame(bytes);
  SOFTLAN_CHECK(tagged && tagged->vlan_tags == view.vlan_tags + 1 && tagged->ethertype == view.ethertype);
  SOFTLAN_CHECK(proto::is_dhcp_server_message(*tagged) == proto::is_dhcp_server_message(view));
  SOFTLAN_CHECK(proto::is_router_advertisement(*tagged) == proto::is_router_advertisement(view));
  SOFTLAN_CHECK(proto::is_switch_control(*tagged) == proto::is_switch_control(view));
}

}  // namespace
}  // namespace softlan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto view = softlan::proto::parse_frame({data, size});
  if (size < softlan::proto::kEthernetHeaderSize) SOFTLAN_CHECK(!view);
  if (!view) return 0;
  softlan::fuzz::check_view(*view);
  softlan::fuzz::check_transport(*view);
  softlan::fuzz::check_tagged(*view);
  return 0;
}
