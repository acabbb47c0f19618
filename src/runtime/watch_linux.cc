#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <utility>

#include "runtime/watch.h"

namespace softlan::runtime {

struct Watch::Watched : std::enable_shared_from_this<Watched> {
  Watched(Loop& l, int fd, std::function<bool(TimePoint)> readable)
      : loop(l), descriptor(l.context(), fd), on_readable(std::move(readable)) {}

  void wait_readable() {
    descriptor.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](std::error_code error) {
      if (!error && self->alive) self->read();
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
  asio::posix::stream_descriptor descriptor;
  std::function<bool(TimePoint)> on_readable;
  bool alive = true;
};

Watch::Watch(Loop& loop, Descriptor descriptor, std::function<bool(TimePoint)> on_readable)
    : watched_(std::make_shared<Watched>(loop, descriptor, std::move(on_readable))) {
  watched_->wait_readable();
}

Watch::~Watch() {
  watched_->alive = false;
  watched_->descriptor.release();  // the descriptor belongs to somebody else
}

void Watch::wait_writable(std::function<void(TimePoint)> on_writable) {
  watched_->descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                                  [self = watched_, on_writable = std::move(on_writable)](std::error_code error) {
                                    if (!error && self->alive)
                                      self->loop.turn([&](TimePoint now) { on_writable(now); });
                                  });
}

}  // namespace softlan::runtime
