#include <asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "runtime/signals.h"

namespace softlan::runtime {

struct Signals::Source {
  Source(asio::io_context& context, std::function<void(Wish)> wish)
      : signals(context, SIGINT, SIGTERM, SIGHUP), on_wish(std::move(wish)) {}

  void wait() {
    signals.async_wait([this](std::error_code error, int signal) {
      if (error) return;
      on_wish(signal == SIGHUP ? Wish::reload : Wish::stop);
      wait();
    });
  }

  asio::signal_set signals;
  std::function<void(Wish)> on_wish;
};

Signals::Signals(asio::io_context& context, std::function<void(Wish)> on_wish)
    : source_(std::make_unique<Source>(context, std::move(on_wish))) {
  source_->wait();
}

Signals::~Signals() = default;

}  // namespace softlan::runtime
