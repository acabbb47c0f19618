// A socket with one owner, closed when the owner goes.
#pragma once

#include <cstdint>
#include <utility>

namespace softlan::platform {

using NativeSocket = std::uintptr_t;  // SOCKET

class SocketHandle {
 public:
  static constexpr NativeSocket kNone = ~NativeSocket{0};  // INVALID_SOCKET

  SocketHandle() = default;
  explicit SocketHandle(NativeSocket socket) : socket_(socket) {}
  SocketHandle(SocketHandle&& other) noexcept : socket_(std::exchange(other.socket_, kNone)) {}
  SocketHandle& operator=(SocketHandle&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
  }
  ~SocketHandle() { close(); }

  [[nodiscard]] NativeSocket get() const { return socket_; }
  void close();
  explicit operator bool() const { return socket_ != kNone; }

 private:
  NativeSocket socket_ = kNone;
};

// Another handle to the same socket, which is there until both are closed. It belongs to the caller; kNone when the
// system has none left.
[[nodiscard]] NativeSocket duplicate_socket(NativeSocket socket);

}  // namespace softlan::platform
