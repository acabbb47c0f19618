// Socket options with an integer value. For the files of this folder only.
#pragma once

#include <sys/socket.h>

namespace softlan::platform {

inline bool set_option(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

// As large as the system allows up to `bytes`; beyond its limit for users where we have CAP_NET_ADMIN.
inline void set_large_buffers(int fd, int bytes) {
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes)) set_option(fd, SOL_SOCKET, SO_RCVBUF, bytes);
  if (!set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes)) set_option(fd, SOL_SOCKET, SO_SNDBUF, bytes);
}

}  // namespace softlan::platform
