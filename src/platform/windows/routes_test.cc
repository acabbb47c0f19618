#include "platform/routes.h"

#include <gtest/gtest.h>

#include "platform/windows/system_function.h"

namespace softlan::platform {
namespace {

TEST(WindowsRoutes, TheMachineItselfIsReachedFromItself) {
  if (!system_function<void()>(L"iphlpapi.dll", "GetIpInterfaceEntry"))
    GTEST_SKIP() << "Wine lists no routes to the machine itself";
  const auto route = best_route(parse_ip("127.0.0.1").value());
  if (!route) GTEST_SKIP() << route.error().message;
  EXPECT_NE(route->index, 0);
  EXPECT_FALSE(route->interface_name.empty());
  EXPECT_FALSE(route->gateway);
}

TEST(WindowsRoutes, AnEmptyAddressIsNowhere) { EXPECT_FALSE(best_route({})); }

}  // namespace
}  // namespace softlan::platform
