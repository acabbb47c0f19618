#include "runtime/status_server.h"

#include <algorithm>
#include <array>
#include <utility>

namespace softlan::runtime {

namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

class StatusServer::Client {
 public:
  Client(Loop& loop, TimePoint now, platform::LocalStream stream, const Answering& answering)
      : stream_(std::move(stream)),
        answering_(answering),
        deadline_(now + kPatience),
        watch_(loop, stream_.fd(), [this](TimePoint later) { return read(later); }) {}

  // When to let go of it, whatever it does; at once when it is done.
  [[nodiscard]] TimePoint deadline() const { return deadline_; }

 private:
  bool read(TimePoint now) {
    if (!answer_.empty() || is_done()) return false;
    std::array<std::uint8_t, kMaxQuestion> room{};
    const auto count = stream_.read(room);
    if (!count) return false;
    question_.append(reinterpret_cast<const char*>(room.data()), *count);
    if (question_.size() > kMaxQuestion) return finish();
    if (*count > 0) return true;
    const auto words = split_lines(question_);
    if (words.empty()) return finish();
    Answer answer = answering_(now, words);
    answer_ = (answer.ok ? "ok\n" : "no\n") + answer.text;
    deadline_ = now + kPatience;
    write();
    return false;
  }

  void write() {
    while (written_ < answer_.size()) {
      const auto count = stream_.write(std::string_view(answer_).substr(written_));
      if (!count) return void(finish());
      if (*count == 0) return watch_.wait_writable([this](TimePoint) { write(); });
      written_ += *count;
    }
    finish();
  }

  bool finish() {
    deadline_ = TimePoint::min();
    return false;
  }
  [[nodiscard]] bool is_done() const { return deadline_ == TimePoint::min(); }

  platform::LocalStream stream_;
  const Answering& answering_;
  TimePoint deadline_;
  std::string question_;
  std::string answer_;
  std::size_t written_ = 0;
  Watch watch_;
};

StatusServer::StatusServer(Loop& loop, platform::LocalListener listener, Answering answering)
    : loop_(loop),
      listener_(std::move(listener)),
      answering_(std::move(answering)),
      watch_(loop, listener_.fd(), [this](TimePoint now) { return accept(now); }) {
  loop_.attach({.next_deadline = [this] { return next_deadline(); },
                .on_deadline = [this](TimePoint now) { drop_finished(now); },
                .flush = {}});
}

StatusServer::~StatusServer() = default;

bool StatusServer::accept(TimePoint now) {
  auto stream = listener_.accept();
  if (!stream) return false;
  if (clients_.size() < kMaxClients) {
    clients_.push_back(std::make_unique<Client>(loop_, now, *std::move(stream), answering_));
  }
  return true;
}

TimePoint StatusServer::next_deadline() const {
  TimePoint earliest = kNever;
  for (const auto& client : clients_) earliest = std::min(earliest, client->deadline());
  return earliest;
}

void StatusServer::drop_finished(TimePoint now) {
  std::erase_if(clients_, [&](const auto& client) { return client->deadline() <= now; });
}

}  // namespace softlan::runtime
