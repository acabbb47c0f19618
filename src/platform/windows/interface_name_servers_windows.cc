#include "platform/windows/interface_name_servers.h"
#include "platform/windows/system_error.h"
#include "platform/windows/system_function.h"

namespace softlan::platform {

namespace {

// DNS_INTERFACE_SETTINGS_EX of netioapi.h, which older headers lack.
struct InterfaceDnsSettings {
  ULONG version = 2;
  ULONG64 flags = 0;
  PWSTR domain = nullptr;
  PWSTR name_server = nullptr;
  PWSTR search_list = nullptr;
  ULONG registration_enabled = 0;
  ULONG register_adapter_name = 0;
  ULONG enable_llmnr = 0;
  ULONG query_adapter_name = 0;
  PWSTR profile_name_server = nullptr;
  ULONG disable_unconstrained_queries = 0;
  PWSTR supplemental_search_list = nullptr;
};
constexpr ULONG64 kIpv6 = 0x0001;
constexpr ULONG64 kDisableUnconstrainedQueries = 0x0400;

using Get = NETIO_STATUS WINAPI(GUID, InterfaceDnsSettings*);
using Set = NETIO_STATUS WINAPI(GUID, const InterfaceDnsSettings*);
using Free = void WINAPI(InterfaceDnsSettings*);

constexpr const wchar_t* kIpHelper = L"iphlpapi.dll";

std::unexpected<Error> too_old() {
  return fail(
      "This Windows cannot leave the party's name servers out (Windows 10 version 2004 and later can): if web pages do "
      "not open while you play, give your own network card fixed name servers.");
}

bool is_missing(NETIO_STATUS error) { return error == ERROR_FILE_NOT_FOUND || error == ERROR_NOT_FOUND; }

std::optional<GUID> guid_of(const NET_LUID& luid) {
  GUID guid{};
  if (ConvertInterfaceLuidToGuid(&luid, &guid) != NO_ERROR) return {};
  return guid;
}

}  // namespace

Result<std::optional<bool>> asks_name_servers(const NET_LUID& luid, IpAddress::Family family) {
  const auto get = system_function<Get>(kIpHelper, "GetInterfaceDnsSettings");
  const auto free = system_function<Free>(kIpHelper, "FreeInterfaceDnsSettings");
  if (!get || !free) return too_old();
  const auto guid = guid_of(luid);
  if (!guid) return std::nullopt;
  InterfaceDnsSettings settings{.flags = family == IpAddress::Family::v6 ? kIpv6 : 0};
  const NETIO_STATUS error = get(*guid, &settings);
  if (is_missing(error)) return std::nullopt;
  if (error != NO_ERROR)
    return fail("cannot read how name servers of the network card are used: {}", system_reason(error));
  const bool asked = settings.disable_unconstrained_queries == 0;
  free(&settings);
  return asked;
}

Result<void> ask_name_servers(const NET_LUID& luid, IpAddress::Family family, bool ask) {
  const auto set = system_function<Set>(kIpHelper, "SetInterfaceDnsSettings");
  if (!set) return too_old();
  const auto guid = guid_of(luid);
  if (!guid) return fail("the network card is gone");
  const InterfaceDnsSettings settings{
      .flags = kDisableUnconstrainedQueries | (family == IpAddress::Family::v6 ? kIpv6 : 0),
      .disable_unconstrained_queries = ask ? 0U : 1U};
  const NETIO_STATUS error = set(*guid, &settings);
  if (error == NO_ERROR) return {};
  return fail("cannot change how name servers of the network card are used: {}", system_reason(error));
}

}  // namespace softlan::platform
