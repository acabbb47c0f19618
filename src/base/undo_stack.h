// Puts back, newest first, what was changed on the user's machine.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace softlan {

class UndoStack {
 public:
  UndoStack() = default;
  UndoStack(const UndoStack&) = delete;
  UndoStack& operator=(const UndoStack&) = delete;
  ~UndoStack() { run(); }

  void push(std::function<void()> undo) { undos_.push_back(std::move(undo)); }
  void run() {
    while (!undos_.empty()) {
      auto undo = std::move(undos_.back());
      undos_.pop_back();
      undo();
    }
  }

 private:
  std::vector<std::function<void()>> undos_;
};

}  // namespace softlan
