// What the program is told from outside: to end, or to read its files anew.
//
//   Linux     SIGINT, SIGTERM                                     SIGHUP
//   Windows   Ctrl-C, its window closed, log-off, shutdown        -
#pragma once

#include <asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>

namespace softlan::runtime {

class Signals {
 public:
  enum class Wish : std::uint8_t { stop, reload };

  // `on_wish` is called by the thread that runs `context`.
  Signals(asio::io_context& context, std::function<void(Wish)> on_wish);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Source;
  std::unique_ptr<Source> source_;
};

}  // namespace softlan::runtime
