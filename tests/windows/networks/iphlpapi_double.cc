// Stands in for Windows' IP Helper under Wine, which lacks what changes networks: keeps the networks of a machine in a
// file of text, where a test writes and reads them. What is not here goes on to Wine's own (iphlpapi.def).
//
//   interface LUID INDEX {GUID}
//   ip LUID FAMILY AUTOMATIC METRIC MTU DEFAULT_ROUTES AUTOMATIC_METRIC     FAMILY 4 or 6, flags 0 or 1
//   dns LUID FAMILY ASKED
//   route PREFIX NEXT_HOP LUID METRIC
//   address LUID ADDRESS LENGTH
//
// SOFTLAN_NETWORKS names the file, SOFTLAN_CALLS one to which the names of calls are added. SOFTLAN_FAIL_AT=n: the n-th
// call fails; SOFTLAN_DIE_AT=n: the process is gone after it.
#include <winsock2.h>
// which needs to stand before
#include <ws2ipdef.h>
// and that before
#include <iphlpapi.h>
#include <objbase.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/prefix.h"
#include "platform/windows/socket_name.h"
#include "platform/windows/wide_text.h"

namespace {

using namespace softlan;
using platform::from_system;
using platform::to_system;

using Key = std::pair<ULONG64, ADDRESS_FAMILY>;

struct Ip {
  bool automatic = true;
  ULONG metric = 0;
  ULONG mtu = 0;
  bool default_routes = true;
  ULONG automatic_metric = 0;
};
struct RouteLine {
  Prefix destination;
  IpAddress next_hop;
  ULONG64 luid = 0;
  ULONG metric = 0;
};
struct AddressLine {
  ULONG64 luid = 0;
  IpAddress address;
  UINT8 length = 0;
};
struct InterfaceLine {
  NET_IFINDEX index = 0;
  GUID guid{};
};

ADDRESS_FAMILY family_of(int number) { return number == 6 ? AF_INET6 : AF_INET; }
int number_of(ADDRESS_FAMILY family) { return family == AF_INET6 ? 6 : 4; }

std::string text_of(const GUID& guid) {
  wchar_t text[40]{};
  StringFromGUID2(guid, text, 40);
  return platform::to_utf8(text);
}

struct Networks {
  std::map<ULONG64, InterfaceLine> interfaces;
  std::map<Key, Ip> ips;
  std::map<Key, bool> dns;
  std::vector<RouteLine> routes;
  std::vector<AddressLine> addresses;

  void read_line(const std::string& line) {
    std::istringstream words(line);
    std::string what, a, b;
    ULONG64 luid = 0;
    int family = 0;
    words >> what;
    if (what == "interface") {
      InterfaceLine entry;
      words >> luid >> entry.index >> a;
      CLSIDFromString(platform::to_wide(a).c_str(), &entry.guid);
      interfaces[luid] = entry;
    } else if (what == "ip") {
      Ip ip;
      words >> luid >> family >> ip.automatic >> ip.metric >> ip.mtu >> ip.default_routes >> ip.automatic_metric;
      ips[{luid, family_of(family)}] = ip;
    } else if (what == "dns") {
      bool asked = true;
      words >> luid >> family >> asked;
      dns[{luid, family_of(family)}] = asked;
    } else if (what == "route") {
      RouteLine entry;
      words >> a >> b >> entry.luid >> entry.metric;
      entry.destination = parse_prefix(a).value();
      entry.next_hop = parse_ip(b).value();
      routes.push_back(entry);
    } else if (what == "address") {
      AddressLine entry;
      int length = 0;
      words >> entry.luid >> a >> length;
      entry.address = parse_ip(a).value();
      entry.length = static_cast<UINT8>(length);
      addresses.push_back(entry);
    }
  }

  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    for (const auto& [luid, entry] : interfaces)
      out << "interface " << luid << ' ' << entry.index << ' ' << text_of(entry.guid) << '\n';
    for (const auto& [key, ip] : ips)
      out << "ip " << key.first << ' ' << number_of(key.second) << ' ' << ip.automatic << ' ' << ip.metric << ' '
          << ip.mtu << ' ' << ip.default_routes << ' ' << ip.automatic_metric << '\n';
    for (const auto& [key, asked] : dns)
      out << "dns " << key.first << ' ' << number_of(key.second) << ' ' << asked << '\n';
    for (const RouteLine& entry : routes)
      out << "route " << to_string(entry.destination) << ' ' << to_string(entry.next_hop) << ' ' << entry.luid << ' '
          << entry.metric << '\n';
    for (const AddressLine& entry : addresses)
      out << "address " << entry.luid << ' ' << to_string(entry.address) << ' ' << int{entry.length} << '\n';
    return out.str();
  }
};

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Networks load() {
  Networks networks;
  std::ifstream lines(setting("SOFTLAN_NETWORKS"));
  for (std::string line; std::getline(lines, line);) networks.read_line(line);
  return networks;
}

std::mutex file;  // read whole and written whole
int calls = 0;    // of all functions together

// One call of the program's: what it does to the tables is in the file when it is done.
template <typename Act>
NETIO_STATUS call(const char* name, Act act) {
  ++calls;
  std::ofstream(setting("SOFTLAN_CALLS"), std::ios::app) << name << '\n';
  NETIO_STATUS status = ERROR_GEN_FAILURE;
  if (calls != std::atoi(setting("SOFTLAN_FAIL_AT"))) {
    const std::scoped_lock lock(file);
    Networks networks = load();
    const std::string before = networks.text();
    status = act(networks);
    if (const std::string after = networks.text(); after != before)
      std::ofstream(setting("SOFTLAN_NETWORKS"), std::ios::binary) << after;
  }
  if (calls == std::atoi(setting("SOFTLAN_DIE_AT"))) TerminateProcess(GetCurrentProcess(), 99);
  return status;
}

// A table of the system's shape: a count, then rows.
template <typename Table, typename Rows>
void give(Table** out, const Rows& rows) {
  using Row = std::remove_reference_t<decltype(Table::Table[0])>;
  auto* table =
      static_cast<Table*>(HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(Table) + rows.size() * sizeof(Row)));
  table->NumEntries = static_cast<ULONG>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) table->Table[i] = rows[i];
  *out = table;
}

NET_IFINDEX index_of(const Networks& networks, ULONG64 luid) {
  const auto found = networks.interfaces.find(luid);
  return found == networks.interfaces.end() ? 0 : found->second.index;
}

MIB_IPFORWARD_ROW2 to_row(const Networks& networks, const RouteLine& entry) {
  MIB_IPFORWARD_ROW2 row{};
  row.InterfaceLuid.Value = entry.luid;
  row.InterfaceIndex = index_of(networks, entry.luid);
  to_system({.ip = entry.destination.address}, row.DestinationPrefix.Prefix);
  row.DestinationPrefix.PrefixLength = entry.destination.length;
  to_system({.ip = entry.next_hop}, row.NextHop);
  row.Metric = entry.metric;
  return row;
}

// Who wants to hear of which lines, and how those were when that was last looked at.
struct Subscription {
  std::vector<std::string> words;  // that such lines begin with
  std::function<void()> tell;
  std::string known;

  [[nodiscard]] std::string now() const {
    const std::scoped_lock lock(file);
    std::istringstream text(load().text());
    std::string lines;
    for (std::string line; std::getline(text, line);) {
      if (std::ranges::find(words, line.substr(0, line.find(' '))) != words.end()) lines += line + '\n';
    }
    return lines;
  }
};

std::mutex telling;
std::map<HANDLE, Subscription> subscriptions;
std::uintptr_t last_handle = 0;

[[noreturn]] void tell_changes() {
  for (;; Sleep(50)) {
    const std::scoped_lock lock(telling);
    for (auto& [handle, subscription] : subscriptions) {
      if (std::string now = subscription.now(); now != std::exchange(subscription.known, now)) subscription.tell();
    }
  }
}

template <typename Callback>
NETIO_STATUS subscribe(std::vector<std::string> words, Callback callback, void* context, HANDLE* handle) {
  static const bool told = (std::thread(tell_changes).detach(), true);
  (void)told;
  const std::scoped_lock lock(telling);
  Subscription subscription{
      .words = std::move(words), .tell = [=] { callback(context, nullptr, MibParameterNotification); }, .known = {}};
  subscription.known = subscription.now();
  *handle = reinterpret_cast<HANDLE>(++last_handle);
  subscriptions.emplace(*handle, std::move(subscription));
  return NO_ERROR;
}

auto find(Networks& networks, const MIB_IPFORWARD_ROW2& row) {
  return std::ranges::find_if(networks.routes, [&](const RouteLine& entry) {
    return entry.luid == row.InterfaceLuid.Value &&
           entry.destination ==
               Prefix{from_system(row.DestinationPrefix.Prefix).ip, row.DestinationPrefix.PrefixLength} &&
           entry.next_hop == from_system(row.NextHop).ip;
  });
}

}  // namespace

extern "C" {

VOID WINAPI InitializeIpInterfaceEntry(MIB_IPINTERFACE_ROW* row) { *row = {}; }
VOID WINAPI InitializeIpForwardEntry(MIB_IPFORWARD_ROW2* row) {
  *row = {};
  row->ValidLifetime = row->PreferredLifetime = row->Metric = ~0U;
}
NETIO_STATUS WINAPI NotifyIpInterfaceChange(ADDRESS_FAMILY, PIPINTERFACE_CHANGE_CALLBACK callback, PVOID context,
                                            BOOLEAN, HANDLE* handle) {
  return subscribe({"interface", "ip"}, callback, context, handle);
}
NETIO_STATUS WINAPI NotifyUnicastIpAddressChange(ADDRESS_FAMILY, PUNICAST_IPADDRESS_CHANGE_CALLBACK callback,
                                                 PVOID context, BOOLEAN, HANDLE* handle) {
  return subscribe({"address"}, callback, context, handle);
}
NETIO_STATUS WINAPI NotifyRouteChange2(ADDRESS_FAMILY, PIPFORWARD_CHANGE_CALLBACK callback, PVOID context, BOOLEAN,
                                       HANDLE* handle) {
  return subscribe({"route"}, callback, context, handle);
}
// Waits for who is being told.
NETIO_STATUS WINAPI CancelMibChangeNotify2(HANDLE handle) {
  const std::scoped_lock lock(telling);
  return subscriptions.erase(handle) == 1 ? NO_ERROR : ERROR_INVALID_PARAMETER;
}
VOID WINAPI FreeMibTable(VOID* table) { HeapFree(GetProcessHeap(), 0, table); }

NETIO_STATUS WINAPI GetIpInterfaceEntry(MIB_IPINTERFACE_ROW* row) {
  return call("GetIpInterfaceEntry", [&](Networks& networks) -> NETIO_STATUS {
    const auto found = networks.ips.find({row->InterfaceLuid.Value, row->Family});
    if (found == networks.ips.end()) return ERROR_NOT_FOUND;
    const Ip& ip = found->second;
    row->InterfaceIndex = index_of(networks, row->InterfaceLuid.Value);
    row->UseAutomaticMetric = ip.automatic;
    row->Metric = ip.metric;
    row->NlMtu = ip.mtu;
    row->DisableDefaultRoutes = !ip.default_routes;
    row->Connected = TRUE;
    row->SitePrefixLength = 64;
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI SetIpInterfaceEntry(MIB_IPINTERFACE_ROW* row) {
  return call("SetIpInterfaceEntry", [&](Networks& networks) -> NETIO_STATUS {
    const auto found = networks.ips.find({row->InterfaceLuid.Value, row->Family});
    if (found == networks.ips.end()) return ERROR_NOT_FOUND;
    if (row->Family == AF_INET && row->SitePrefixLength > 32) return ERROR_INVALID_PARAMETER;
    if (row->NlMtu < (row->Family == AF_INET6 ? 1280U : 576U)) return ERROR_INVALID_PARAMETER;
    Ip& ip = found->second;
    ip.automatic = row->UseAutomaticMetric;
    ip.metric = ip.automatic ? ip.automatic_metric : row->Metric;
    ip.mtu = row->NlMtu;
    ip.default_routes = !row->DisableDefaultRoutes;
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI GetIpForwardTable2(ADDRESS_FAMILY family, MIB_IPFORWARD_TABLE2** table) {
  return call("GetIpForwardTable2", [&](Networks& networks) -> NETIO_STATUS {
    std::vector<MIB_IPFORWARD_ROW2> rows;
    for (const RouteLine& entry : networks.routes) rows.push_back(to_row(networks, entry));
    std::erase_if(rows, [&](const auto& row) { return row.DestinationPrefix.Prefix.si_family != family; });
    give(table, rows);
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI CreateIpForwardEntry2(const MIB_IPFORWARD_ROW2* row) {
  return call("CreateIpForwardEntry2", [&](Networks& networks) -> NETIO_STATUS {
    if (find(networks, *row) != networks.routes.end()) return ERROR_OBJECT_ALREADY_EXISTS;
    if (!networks.interfaces.contains(row->InterfaceLuid.Value)) return ERROR_NOT_FOUND;
    if (row->ValidLifetime != ~0U || row->Metric == ~0U) return ERROR_INVALID_PARAMETER;
    networks.routes.push_back({{from_system(row->DestinationPrefix.Prefix).ip, row->DestinationPrefix.PrefixLength},
                               from_system(row->NextHop).ip,
                               row->InterfaceLuid.Value,
                               row->Metric});
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI DeleteIpForwardEntry2(const MIB_IPFORWARD_ROW2* row) {
  return call("DeleteIpForwardEntry2", [&](Networks& networks) -> NETIO_STATUS {
    const auto found = find(networks, *row);
    if (found == networks.routes.end()) return ERROR_NOT_FOUND;
    networks.routes.erase(found);
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI GetBestRoute2(NET_LUID* luid, NET_IFINDEX index, const SOCKADDR_INET*, const SOCKADDR_INET* to,
                                  ULONG, MIB_IPFORWARD_ROW2* best, SOCKADDR_INET* source) {
  return call("GetBestRoute2", [&](Networks& networks) -> NETIO_STATUS {
    const IpAddress address = from_system(*to).ip;
    const RouteLine* chosen = nullptr;
    std::pair<int, ULONG> chosen_rank;
    for (const RouteLine& entry : networks.routes) {
      const Ip& ip = networks.ips[{entry.luid, to->si_family}];
      if (!contains(entry.destination, address) || (luid && luid->Value != entry.luid)) continue;
      if (index != 0 && index_of(networks, entry.luid) != index) continue;
      if (entry.destination.length == 0 && !ip.default_routes) continue;
      const std::pair rank(-int{entry.destination.length}, entry.metric + ip.metric);
      if (!chosen || rank < chosen_rank) std::tie(chosen, chosen_rank) = std::tuple(&entry, rank);
    }
    if (!chosen) return ERROR_NETWORK_UNREACHABLE;
    *best = to_row(networks, *chosen);
    *source = {};
    for (const AddressLine& entry : networks.addresses)
      if (entry.luid == chosen->luid && entry.address.family == address.family)
        to_system({.ip = entry.address}, *source);
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI GetUnicastIpAddressTable(ADDRESS_FAMILY family, MIB_UNICASTIPADDRESS_TABLE** table) {
  return call("GetUnicastIpAddressTable", [&](Networks& networks) -> NETIO_STATUS {
    std::vector<MIB_UNICASTIPADDRESS_ROW> rows;
    for (const AddressLine& entry : networks.addresses) {
      MIB_UNICASTIPADDRESS_ROW row{};
      row.InterfaceLuid.Value = entry.luid;
      row.InterfaceIndex = index_of(networks, entry.luid);
      to_system({.ip = entry.address}, row.Address);
      row.OnLinkPrefixLength = entry.length;
      row.DadState = IpDadStatePreferred;
      if (family == AF_UNSPEC || family == row.Address.si_family) rows.push_back(row);
    }
    give(table, rows);
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI ConvertInterfaceGuidToLuid(const GUID* guid, NET_LUID* luid) {
  for (const auto& [value, entry] : load().interfaces) {
    if (!IsEqualGUID(entry.guid, *guid)) continue;
    luid->Value = value;
    return NO_ERROR;
  }
  return ERROR_FILE_NOT_FOUND;
}

NETIO_STATUS WINAPI ConvertInterfaceLuidToGuid(const NET_LUID* luid, GUID* guid) {
  const Networks networks = load();
  const auto found = networks.interfaces.find(luid->Value);
  if (found == networks.interfaces.end()) return ERROR_FILE_NOT_FOUND;
  *guid = found->second.guid;
  return NO_ERROR;
}

NETIO_STATUS WINAPI ConvertInterfaceLuidToIndex(const NET_LUID* luid, NET_IFINDEX* index) {
  *index = index_of(load(), luid->Value);
  return *index == 0 ? ERROR_FILE_NOT_FOUND : NO_ERROR;
}

// DNS_INTERFACE_SETTINGS_EX of netioapi.h, as far as it matters here.
struct DnsSettings {
  ULONG version;
  ULONG64 flags;
  PWSTR texts[3];
  ULONG numbers[4];
  PWSTR profile_name_server;
  ULONG disable_unconstrained_queries;
  PWSTR supplemental_search_list;
};

NETIO_STATUS WINAPI GetInterfaceDnsSettings(GUID guid, DnsSettings* settings) {
  return call("GetInterfaceDnsSettings", [&](Networks& networks) -> NETIO_STATUS {
    NET_LUID luid{};
    if (ConvertInterfaceGuidToLuid(&guid, &luid) != NO_ERROR) return ERROR_FILE_NOT_FOUND;
    const auto found = networks.dns.find({luid.Value, settings->flags & 1 ? AF_INET6 : AF_INET});
    if (found == networks.dns.end()) return ERROR_NOT_FOUND;
    if (settings->version != 2) return ERROR_INVALID_PARAMETER;
    settings->disable_unconstrained_queries = !found->second;
    return NO_ERROR;
  });
}

NETIO_STATUS WINAPI SetInterfaceDnsSettings(GUID guid, const DnsSettings* settings) {
  return call("SetInterfaceDnsSettings", [&](Networks& networks) -> NETIO_STATUS {
    NET_LUID luid{};
    if (ConvertInterfaceGuidToLuid(&guid, &luid) != NO_ERROR) return ERROR_FILE_NOT_FOUND;
    const auto found = networks.dns.find({luid.Value, settings->flags & 1 ? AF_INET6 : AF_INET});
    if (found == networks.dns.end()) return ERROR_NOT_FOUND;
    if (settings->version != 2 || (settings->flags & ~1ULL) != 0x0400) return ERROR_INVALID_PARAMETER;
    found->second = settings->disable_unconstrained_queries == 0;
    return NO_ERROR;
  });
}

VOID WINAPI FreeInterfaceDnsSettings(DnsSettings*) {}

}  // extern "C"
