#include <winsock2.h>
// which needs to stand before
#include <ws2ipdef.h>
// and that before
#include <iphlpapi.h>
#include <objbase.h>

#include <map>
#include <span>

#include "platform/network_settings.h"
#include "platform/windows/interface_name_servers.h"
#include "platform/windows/socket_name.h"
#include "platform/windows/system_error.h"
#include "platform/windows/wide_text.h"

namespace softlan::platform {

namespace {

using Family = IpAddress::Family;
using softlan::Route;

struct TableMemory {
  void operator()(void* table) const { FreeMibTable(table); }
};

// What Windows answers about an interface that is gone or does not speak the family, or about a family it lacks.
bool is_missing(NETIO_STATUS error) {
  return error == ERROR_NOT_FOUND || error == ERROR_FILE_NOT_FOUND || error == ERROR_NOT_SUPPORTED;
}

NET_LUID luid_of(InterfaceId interface_id) { return {.Value = interface_id}; }

NETIO_STATUS read_interface(const NET_LUID& luid, ADDRESS_FAMILY family, MIB_IPINTERFACE_ROW& row) {
  InitializeIpInterfaceEntry(&row);
  row.Family = family;
  row.InterfaceLuid = luid;
  return GetIpInterfaceEntry(&row);
}

RouteEntry to_entry(const MIB_IPFORWARD_ROW2& row, ULONG interface_metric) {
  return {.route = {.destination = {.address = from_system(row.DestinationPrefix.Prefix).ip,
                                    .length = row.DestinationPrefix.PrefixLength},
                    .next_hop = from_system(row.NextHop).ip,
                    .interface_id = row.InterfaceLuid.Value},
          .index = row.InterfaceIndex,
          .metric = row.Metric + interface_metric,
          .source = {}};
}

MIB_IPFORWARD_ROW2 to_row(const Route& route) {
  MIB_IPFORWARD_ROW2 row;
  InitializeIpForwardEntry(&row);
  row.InterfaceLuid = luid_of(route.interface_id);
  to_system({.ip = route.destination.address}, row.DestinationPrefix.Prefix);
  row.DestinationPrefix.PrefixLength = route.destination.length;
  to_system({.ip = route.next_hop}, row.NextHop);
  row.Metric = 0;
  row.Protocol = static_cast<NL_ROUTE_PROTOCOL>(MIB_IPPROTO_NETMGMT);
  return row;
}

class WindowsNetworkSettings final : public NetworkSettings {
 public:
  Result<std::vector<RouteEntry>> routes(Family family) override {
    MIB_IPFORWARD_TABLE2* read = nullptr;
    const NETIO_STATUS error = GetIpForwardTable2(system_family(family), &read);
    if (is_missing(error)) return std::vector<RouteEntry>();
    if (error != NO_ERROR) return fail("cannot read the routes: {}", system_reason(error));
    const std::unique_ptr<MIB_IPFORWARD_TABLE2, TableMemory> table(read);
    std::map<InterfaceId, MIB_IPINTERFACE_ROW> interfaces;
    std::vector<RouteEntry> entries;
    for (const MIB_IPFORWARD_ROW2& row : std::span(table->Table, table->NumEntries)) {
      const auto [interface_row, is_new] = interfaces.try_emplace(row.InterfaceLuid.Value);
      if (is_new && read_interface(row.InterfaceLuid, system_family(family), interface_row->second) != NO_ERROR)
        interface_row->second.Connected = FALSE;
      if (interface_row->second.Connected) entries.push_back(to_entry(row, interface_row->second.Metric));
    }
    return entries;
  }

  Result<RouteEntry> path_to(const IpAddress& address) override {
    SocketName to;
    to_system({.ip = address}, to);
    MIB_IPFORWARD_ROW2 row{};
    SocketName source{};
    const NETIO_STATUS error = GetBestRoute2(nullptr, 0, nullptr, &to, 0, &row, &source);
    if (error != NO_ERROR) return fail("there is no way to {}: {}", to_string(address), system_reason(error));
    MIB_IPINTERFACE_ROW interface_row;
    const bool known = read_interface(row.InterfaceLuid, to.si_family, interface_row) == NO_ERROR;
    RouteEntry entry = to_entry(row, known ? interface_row.Metric : 0);
    entry.source = from_system(source).ip;
    return entry;
  }

  Result<void> add_route(const Route& route) override {
    const MIB_IPFORWARD_ROW2 row = to_row(route);
    const NETIO_STATUS error = CreateIpForwardEntry2(&row);
    if (error == NO_ERROR) return {};
    return fail("cannot add a route to {}: {}", to_string(route.destination), system_reason(error));
  }

  Result<void> remove_route(const Route& route) override {
    const MIB_IPFORWARD_ROW2 row = to_row(route);
    const NETIO_STATUS error = DeleteIpForwardEntry2(&row);
    if (error == NO_ERROR || is_missing(error)) return {};
    return fail("cannot remove the route to {}: {}", to_string(route.destination), system_reason(error));
  }

  Result<std::optional<InterfaceSettings>> interface_settings(InterfaceId interface_id, Family family) override {
    MIB_IPINTERFACE_ROW row;
    const NETIO_STATUS error = read_interface(luid_of(interface_id), system_family(family), row);
    if (is_missing(error)) return std::nullopt;
    if (error != NO_ERROR) return fail("cannot read the settings of the network card: {}", system_reason(error));
    return InterfaceSettings{.automatic_metric = row.UseAutomaticMetric != FALSE,
                             .metric = row.Metric,
                             .mtu = row.NlMtu,
                             .default_routes = row.DisableDefaultRoutes == FALSE};
  }

  Result<void> set_interface_settings(InterfaceId interface_id, Family family,
                                      const InterfaceSettings& settings) override {
    MIB_IPINTERFACE_ROW row;
    NETIO_STATUS error = read_interface(luid_of(interface_id), system_family(family), row);
    if (error == NO_ERROR) {
      row.UseAutomaticMetric = settings.automatic_metric;
      row.Metric = settings.metric;
      row.NlMtu = settings.mtu;
      row.DisableDefaultRoutes = !settings.default_routes;
      if (family == Family::v4) row.SitePrefixLength = 0;  // as Windows wants it, whatever it answered
      error = SetIpInterfaceEntry(&row);
    }
    if (error == NO_ERROR) return {};
    return fail("cannot change the settings of the network card: {}", system_reason(error));
  }

  Result<std::optional<bool>> asks_name_servers(InterfaceId interface_id, Family family) override {
    return platform::asks_name_servers(luid_of(interface_id), family);
  }

  Result<void> ask_name_servers(InterfaceId interface_id, Family family, bool ask) override {
    return platform::ask_name_servers(luid_of(interface_id), family, ask);
  }

  Result<std::vector<InterfaceAddress>> addresses() override {
    MIB_UNICASTIPADDRESS_TABLE* read = nullptr;
    const NETIO_STATUS error = GetUnicastIpAddressTable(AF_UNSPEC, &read);
    if (error != NO_ERROR) return fail("cannot read the addresses: {}", system_reason(error));
    const std::unique_ptr<MIB_UNICASTIPADDRESS_TABLE, TableMemory> table(read);
    std::vector<InterfaceAddress> entries;
    for (const MIB_UNICASTIPADDRESS_ROW& row : std::span(table->Table, table->NumEntries))
      entries.push_back({.interface_id = row.InterfaceLuid.Value,
                         .address = from_system(row.Address).ip,
                         .prefix_length = row.OnLinkPrefixLength});
    return entries;
  }
};

}  // namespace

Result<std::unique_ptr<NetworkSettings>> open_network_settings() { return std::make_unique<WindowsNetworkSettings>(); }

Result<InterfaceId> interface_with_guid(std::string_view guid) {
  GUID parsed{};
  NET_LUID luid{};
  if (CLSIDFromString(to_wide(guid).c_str(), &parsed) != NOERROR) return fail("{} is no GUID", guid);
  const NETIO_STATUS error = ConvertInterfaceGuidToLuid(&parsed, &luid);
  if (error == NO_ERROR) return luid.Value;
  return fail("there is no network interface {}: {}", guid, system_reason(error));
}

}  // namespace softlan::platform
