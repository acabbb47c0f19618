// The rooms that gateways founded, kept in the relay's state directory, so that after a restart nobody else can found
// them: JSON, readable by its owner only.
//
// A new or changed room is written at once, but the file not more often than every ten seconds, whatever members do;
// that a room is still in use is noted once a day. Rooms unused for 30 days are forgotten when the file is loaded.
// About 500 bytes a room, in memory and in the file; relay::Door::kMaxFounded rooms at most.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "obs/log.h"
#include "relay/door.h"
#include "runtime/loop.h"

namespace softlan::runtime {

class FoundedRooms final : public relay::RoomStore {
 public:
  static constexpr Duration kWriteInterval = std::chrono::seconds(10);
  static constexpr std::int64_t kUseNoted = std::int64_t{24} * 60 * 60;  // seconds, as below
  static constexpr std::int64_t kForgotten = 30 * kUseNoted;

  // `unix_time` is the wall clock. Borrows `log`.
  FoundedRooms(std::string path, std::function<std::int64_t()> unix_time, obs::Log& log)
      : path_(std::move(path)), unix_time_(std::move(unix_time)), log_(log) {}

  // What is in the file. One that cannot be read is set aside, with a warning.
  [[nodiscard]] std::vector<relay::FoundedRoom> load();

  void keep(const relay::FoundedRoom& room) override;

  void on_deadline(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const { return changed_ ? write_at_ : kNever; }
  // What was not written yet; the end of the program is near.
  void write();

 private:
  struct Kept {
    relay::FoundedRoom room;
    std::int64_t last_used = 0;  // unix time
  };

  [[nodiscard]] bool parse(const std::string& text);
  void set_aside(std::string_view reason);

  std::string path_;
  std::function<std::int64_t()> unix_time_;
  obs::Log& log_;
  std::map<std::string, Kept, std::less<>> rooms_;  // by canonical code
  bool changed_ = false;
  TimePoint write_at_{};  // not before
};

// What workers of a relay say of founded rooms, brought to the thread that keeps the file.
class PostedRooms final : public relay::RoomStore {
 public:
  // `loop` is the keeper's. Borrows both.
  PostedRooms(Loop& loop, FoundedRooms& rooms) : loop_(loop), rooms_(rooms) {}

  void keep(const relay::FoundedRoom& room) override {
    loop_.post([this, room](TimePoint) { rooms_.keep(room); });
  }

 private:
  Loop& loop_;
  FoundedRooms& rooms_;
};

}  // namespace softlan::runtime
