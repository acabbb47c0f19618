// Answers questions about the running program over its local socket: one question a connection, one answer.
//
//   asker    words, one a line, then the end of its side      status\njson
//   program  "ok" or "no", a line feed, a text; then the end  ok\n{"uptime_s":12,...}
//
// Bounded: kMaxClients at once, questions of kMaxQuestion bytes, kPatience for a question and for its answer to be
// read. An answer is made in one go on the loop's thread, so whoever makes it keeps it small (docs/status.md).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "platform/linux/local_socket.h"
#include "runtime/answering.h"
#include "runtime/loop.h"
#include "runtime/watch.h"

namespace softlan::runtime {

class StatusServer {
 public:
  static constexpr std::size_t kMaxClients = 8;
  static constexpr std::size_t kMaxQuestion = 1024;
  static constexpr Duration kPatience = std::chrono::seconds(5);

  // Borrows `loop`.
  StatusServer(Loop& loop, platform::LocalListener listener, Answering answering);
  ~StatusServer();

 private:
  class Client;

  bool accept(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const;
  void drop_finished(TimePoint now);

  Loop& loop_;
  platform::LocalListener listener_;
  Answering answering_;
  std::vector<std::unique_ptr<Client>> clients_;
  Watch watch_;
};

}  // namespace softlan::runtime
