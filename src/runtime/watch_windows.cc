#include <asio/post.hpp>
#include <utility>
#include <vector>

#include "platform/windows/socket_handle.h"
#include "runtime/watch.h"

namespace softlan::runtime {

namespace {
constexpr std::size_t kLongestDatagram = 65'535;
}

// Readable is what a receive sees that takes nothing away. It has room for the longest datagram: one too long for it is
// a failure to Asio and a completion to the system, and would be told twice.
//
// Asio closes what it waits for, so it gets a handle of its own to the same socket.
struct Watch::Watched : std::enable_shared_from_this<Watched> {
  Watched(Loop& l, Descriptor socket_to_watch, std::function<bool(TimePoint)> readable)
      : loop(l), socket(l.context()), on_readable(std::move(readable)) {
    std::error_code error;
    socket.assign(asio::ip::udp::v6(), platform::duplicate_socket(socket_to_watch), error);
  }

  // An error (nobody at the other end) is for read() to find, too.
  void wait_readable() {
    socket.async_receive(asio::buffer(seen), asio::socket_base::message_peek,
                         [self = shared_from_this()](std::error_code, std::size_t) {
                           if (self->alive) self->read();
                         });
  }

  void read() {
    bool more = false;
    loop.turn([&](TimePoint now) { more = on_readable(now); });
    if (!alive) return;
    if (!more) return wait_readable();
    // The others have their turn in between.
    asio::post(loop.context(), [self = shared_from_this()] {
      if (self->alive) self->read();
    });
  }

  Loop& loop;
  asio::ip::udp::socket socket;
  std::function<bool(TimePoint)> on_readable;
  std::vector<char> seen = std::vector<char>(kLongestDatagram);
  bool alive = true;
};

Watch::Watch(Loop& loop, Descriptor descriptor, std::function<bool(TimePoint)> on_readable)
    : watched_(std::make_shared<Watched>(loop, descriptor, std::move(on_readable))) {
  watched_->wait_readable();
}

Watch::~Watch() {
  watched_->alive = false;
  std::error_code error;
  watched_->socket.close(error);
}

// Sockets take nearly everything at once on Windows: a thread in select() is there from the first time that one does
// not.
void Watch::wait_writable(std::function<void(TimePoint)> on_writable) {
  watched_->socket.async_wait(asio::socket_base::wait_write,
                              [self = watched_, on_writable = std::move(on_writable)](std::error_code error) {
                                if (!error && self->alive) self->loop.turn([&](TimePoint now) { on_writable(now); });
                              });
}

}  // namespace softlan::runtime
