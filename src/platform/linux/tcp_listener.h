// A listening TCP socket, for a library that accepts on it.
#pragma once

#include "base/address.h"
#include "base/result.h"
#include "platform/linux/file_descriptor.h"

namespace softlan::platform {

// Non-blocking; an IPv6 address means IPv6 only. Port 0 lets the kernel choose.
[[nodiscard]] Result<FileDescriptor> listen_tcp(const SocketAddress& local);

}  // namespace softlan::platform
