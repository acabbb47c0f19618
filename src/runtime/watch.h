// Watches one descriptor it does not own - on Windows: one socket, in blocking mode or not, and only once in its life.
//
// On Windows it is an overlapped receive that leaves the packet where it is: Asio's own waiting would take a thread
// that sits in select().
#pragma once

#include <asio/ip/udp.hpp>
#include <functional>
#include <memory>

#include "base/time.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class Watch {
 public:
  using Descriptor = asio::ip::udp::socket::native_handle_type;

  // Calls `on_readable`, in a turn, when there is something to read; it answers whether there may be more.
  Watch(Loop& loop, Descriptor descriptor, std::function<bool(TimePoint)> on_readable);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Calls `on_writable` once, in a turn, when the descriptor takes data again.
  void wait_writable(std::function<void(TimePoint)> on_writable);

 private:
  struct Watched;
  std::shared_ptr<Watched> watched_;  // of whoever still waits, too
};

}  // namespace softlan::runtime
