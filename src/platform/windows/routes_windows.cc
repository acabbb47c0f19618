#include <ws2tcpip.h>
// which these need:
#include <iphlpapi.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <tuple>

#include "base/prefix.h"
#include "platform/routes.h"
#include "platform/windows/interface_index.h"
#include "platform/windows/socket_name.h"
#include "platform/windows/system_function.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

struct TableMemory {
  void operator()(void* table) const { FreeMibTable(table); }
};
using RouteTable = std::unique_ptr<MIB_IPFORWARD_TABLE2, TableMemory>;
using AddressTable = std::unique_ptr<MIB_UNICASTIPADDRESS_TABLE, TableMemory>;

struct Way {
  NET_LUID luid;
  NET_IFINDEX index;
  IpAddress source;
  IpAddress next_hop;
};

SocketName name_of(const IpAddress& ip) {
  SocketName name;
  to_system({.ip = ip}, name);
  return name;
}

// As Windows itself decides; through the interface with that index when it is not 0. Nothing where it does not say.
std::optional<Way> ask(const IpAddress& destination, NET_IFINDEX index) {
  const SocketName to = name_of(destination);
  MIB_IPFORWARD_ROW2 row{};
  SocketName source{};
  if (GetBestRoute2(nullptr, index, nullptr, &to, 0, &row, &source) != NO_ERROR) return std::nullopt;
  return Way{row.InterfaceLuid, row.InterfaceIndex, from_system(source).ip, from_system(row.NextHop).ip};
}

// Nothing when it is not connected: its routes lead nowhere. Wine does not tell, so there all interfaces are alike.
std::optional<ULONG> metric_of(const MIB_IPFORWARD_ROW2& route) {
  static const auto look_at = system_function<decltype(GetIpInterfaceEntry)>(L"iphlpapi.dll", "GetIpInterfaceEntry");
  if (!look_at) return 0;
  MIB_IPINTERFACE_ROW row{};
  row.Family = route.DestinationPrefix.Prefix.si_family;
  row.InterfaceLuid = route.InterfaceLuid;
  if (look_at(&row) != NO_ERROR || !row.Connected) return std::nullopt;
  return row.Metric;
}

// The first that packets may leave from; family none when there is none.
IpAddress address_of(const NET_LUID& interface_luid, IpAddress::Family family) {
  MIB_UNICASTIPADDRESS_TABLE* read = nullptr;
  if (GetUnicastIpAddressTable(system_family(family), &read) != NO_ERROR) return {};
  const AddressTable table(read);
  for (const auto& row : std::span(table->Table, table->NumEntries)) {
    if (row.InterfaceLuid.Value == interface_luid.Value && row.DadState == IpDadStatePreferred && !row.SkipAsSource)
      return from_system(row.Address).ip;
  }
  return {};
}

// From the table: longest prefix, then lowest metric.
std::optional<Way> look_up(const IpAddress& destination, NET_IFINDEX without) {
  MIB_IPFORWARD_TABLE2* read = nullptr;
  if (GetIpForwardTable2(system_family(destination.family), &read) != NO_ERROR) return std::nullopt;
  const RouteTable table(read);
  const MIB_IPFORWARD_ROW2* best = nullptr;
  std::tuple<int, ULONG> best_rank;
  for (const MIB_IPFORWARD_ROW2& row : std::span(table->Table, table->NumEntries)) {
    const Prefix prefix{from_system(row.DestinationPrefix.Prefix).ip, row.DestinationPrefix.PrefixLength};
    if (row.InterfaceIndex == without || !contains(prefix, destination)) continue;
    const auto metric = metric_of(row);
    if (!metric) continue;
    const std::tuple rank{-int{prefix.length}, row.Metric + *metric};
    if (!best || rank < best_rank) std::tie(best, best_rank) = std::tuple(&row, rank);
  }
  if (!best) return std::nullopt;
  return Way{best->InterfaceLuid, best->InterfaceIndex, address_of(best->InterfaceLuid, destination.family),
             from_system(best->NextHop).ip};
}

// As people know it ("Ethernet", "Wi-Fi"); the index where it has no name.
std::string name_of(const NET_LUID& luid, NET_IFINDEX index) {
  std::array<wchar_t, IF_MAX_STRING_SIZE + 1> name{};
  if (ConvertInterfaceLuidToAlias(&luid, name.data(), name.size()) != NO_ERROR || name[0] == 0)
    return std::to_string(index);
  return to_utf8(name.data());
}

}  // namespace

Result<Route> best_route(const IpAddress& destination, int ignore_interface) {
  if (destination.family == IpAddress::Family::none) return fail("there is no route to an empty address");
  const auto without = static_cast<NET_IFINDEX>(ignore_interface);
  auto found = ask(destination, 0);
  if (!found || (without != 0 && found->index == without)) {
    found = look_up(destination, without);
    if (const auto asked = found ? ask(destination, found->index) : std::nullopt) found = asked;
  }
  if (!found) return fail("there is no route to {}: is this machine online?", to_string(destination));
  Route route{.interface_name = name_of(found->luid, found->index),
              .index = static_cast<int>(found->index),
              .source = found->source,
              .gateway = {}};
  if (std::ranges::any_of(found->next_hop.bytes, [](std::uint8_t byte) { return byte != 0; }))
    route.gateway = found->next_hop;
  return route;
}

int interface_index(InterfaceId interface_id) {
  const NET_LUID luid{.Value = interface_id};
  NET_IFINDEX index = 0;
  return ConvertInterfaceLuidToIndex(&luid, &index) == NO_ERROR ? static_cast<int>(index) : 0;
}

}  // namespace softlan::platform
