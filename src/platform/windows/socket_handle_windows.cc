#include <winsock2.h>
// which these need:
#include <windows.h>

#include "platform/windows/socket_handle.h"

namespace softlan::platform {

static_assert(sizeof(NativeSocket) == sizeof(SOCKET) && SocketHandle::kNone == INVALID_SOCKET);

void SocketHandle::close() {
  if (*this) closesocket(std::exchange(socket_, kNone));
}

NativeSocket duplicate_socket(NativeSocket socket) {
  WSAPROTOCOL_INFOW info{};
  if (WSADuplicateSocketW(socket, GetCurrentProcessId(), &info) != 0) return SocketHandle::kNone;
  return WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                    WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

}  // namespace softlan::platform
