// A first-in first-out queue in one array that grows by doubling and never shrinks: no allocation once warm.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/check.h"

namespace softlan {

template <typename T>
class Ring {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void push_back(T value) {
    if (size_ == slots_.size()) grow();
    slots_[(head_ + size_) & (slots_.size() - 1)] = std::move(value);
    ++size_;
  }
  [[nodiscard]] T& front() {
    SOFTLAN_CHECK(size_ > 0);
    return slots_[head_];
  }
  [[nodiscard]] const T& front() const {
    SOFTLAN_CHECK(size_ > 0);
    return slots_[head_];
  }
  void pop_front() {
    SOFTLAN_CHECK(size_ > 0);
    slots_[head_] = T{};
    head_ = (head_ + 1) & (slots_.size() - 1);
    --size_;
  }

 private:
  void grow() {
    std::vector<T> larger(slots_.empty() ? 16 : slots_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move(slots_[(head_ + i) & (slots_.size() - 1)]);
    slots_ = std::move(larger);
    head_ = 0;
  }

  std::vector<T> slots_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace softlan
