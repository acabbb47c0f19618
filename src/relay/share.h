// What one worker of a relay has to do with the others: which rooms are its own, and how many all of them have.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace softlan::relay {

// Rooms that are open on all workers together. For any thread; touched when a room opens or closes.
class RoomCount {
 public:
  // One more, unless there are `most` already.
  [[nodiscard]] bool take(std::size_t most) {
    std::size_t open = open_.load();
    while (open < most) {
      if (open_.compare_exchange_weak(open, open + 1)) return true;
    }
    return false;
  }
  void give_back(std::size_t rooms) { open_ -= rooms; }

 private:
  std::atomic<std::size_t> open_{0};
};

struct Share {
  std::function<bool(std::string_view code)> owns;  // of a canonical code; empty: every room
  std::shared_ptr<RoomCount> open_rooms = std::make_shared<RoomCount>();
};

}  // namespace softlan::relay
