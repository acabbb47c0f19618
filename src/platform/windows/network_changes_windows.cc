#include <ws2tcpip.h>
// which these need:
#include <iphlpapi.h>

#include <utility>

#include "platform/windows/network_changes.h"

namespace softlan::platform {

namespace {

template <typename Row>
void WINAPI on_notification(void* listener, Row*, MIB_NOTIFICATION_TYPE) {
  (*static_cast<const std::function<void()>*>(listener))();
}

}  // namespace

NetworkChanges::NetworkChanges(std::function<void()> on_change) : on_change_(std::move(on_change)) {
  NotifyIpInterfaceChange(AF_UNSPEC, on_notification<MIB_IPINTERFACE_ROW>, &on_change_, FALSE, &subscriptions_[0]);
  NotifyUnicastIpAddressChange(AF_UNSPEC, on_notification<MIB_UNICASTIPADDRESS_ROW>, &on_change_, FALSE,
                               &subscriptions_[1]);
  NotifyRouteChange2(AF_UNSPEC, on_notification<MIB_IPFORWARD_ROW2>, &on_change_, FALSE, &subscriptions_[2]);
}

// Waits for notifications under way.
NetworkChanges::~NetworkChanges() {
  for (void* subscription : subscriptions_) {
    if (subscription) CancelMibChangeNotify2(subscription);
  }
}

}  // namespace softlan::platform
