#include <netinet/in.h>
#include <sys/socket.h>

#include "platform/linux/socket_name.h"
#include "platform/linux/system_error.h"
#include "platform/linux/tcp_listener.h"

namespace softlan::platform {

Result<FileDescriptor> listen_tcp(const SocketAddress& local) {
  constexpr int kBacklog = 16;
  SocketName name;
  const socklen_t size = to_system(local, name);
  const int family = local.ip.family == IpAddress::Family::v6 ? AF_INET6 : AF_INET;
  FileDescriptor listener(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  const bool listens =
      listener && setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      (family == AF_INET || setsockopt(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0) &&
      bind(listener.get(), &name.any, size) == 0 && listen(listener.get(), kBacklog) == 0;
  if (!listens) return fail("cannot listen on {} (TCP): {}", to_string(local), system_reason());
  return listener;
}

}  // namespace softlan::platform
