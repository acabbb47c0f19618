#include "platform/network_settings.h"

namespace softlan::platform {

namespace {

std::unexpected<Error> unsupported() {
  return fail("routes and metrics are changed on Windows only: this system does without");
}

}  // namespace

Result<std::unique_ptr<NetworkSettings>> open_network_settings() { return unsupported(); }

Result<InterfaceId> interface_with_guid(std::string_view) { return unsupported(); }

}  // namespace softlan::platform
