#include <asio/post.hpp>
#include <utility>

#include "platform/windows/console_events.h"
#include "runtime/signals.h"

namespace softlan::runtime {

struct Signals::Source {
  Source(asio::io_context& context, std::function<void(Wish)> on_wish)
      : events([&context, on_wish = std::move(on_wish)] { asio::post(context, [on_wish] { on_wish(Wish::stop); }); }) {}

  platform::ConsoleEvents events;
};

Signals::Signals(asio::io_context& context, std::function<void(Wish)> on_wish)
    : source_(std::make_unique<Source>(context, std::move(on_wish))) {}

Signals::~Signals() = default;

}  // namespace softlan::runtime
