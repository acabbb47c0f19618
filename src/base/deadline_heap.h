// The earliest of many deadlines that keep changing: a binary heap whose items know their place in it.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/time.h"

namespace softlan {

// What an item of a DeadlineHeap carries; the heap alone writes it.
struct HeapPlace {
  static constexpr std::size_t kOutside = SIZE_MAX;
  TimePoint deadline = kNever;
  std::size_t index = kOutside;
};

// T has a member `HeapPlace heap_place`. Items are borrowed and must be removed before they die.
template <typename T>
class DeadlineHeap {
 public:
  // Puts the item in, moves it, or takes it out (kNever).
  void set(T& item, TimePoint deadline) {
    HeapPlace& place = item.heap_place;
    if (deadline == kNever) return remove(item);
    if (place.index == HeapPlace::kOutside) {
      place.index = items_.size();
      items_.push_back(&item);
    } else if (place.deadline == deadline) {
      return;
    }
    place.deadline = deadline;
    sift_up(place.index);
    sift_down(place.index);
  }

  void remove(T& item) {
    const std::size_t index = item.heap_place.index;
    item.heap_place = {};
    if (index == HeapPlace::kOutside) return;
    T* last = items_.back();
    items_.pop_back();
    if (last == &item) return;
    put(index, last);
    sift_up(index);
    sift_down(last->heap_place.index);
  }

  [[nodiscard]] TimePoint next() const { return items_.empty() ? kNever : items_[0]->heap_place.deadline; }
  // The item with the earliest deadline, null when there is none.
  [[nodiscard]] T* first() const { return items_.empty() ? nullptr : items_[0]; }

 private:
  [[nodiscard]] TimePoint at(std::size_t index) const { return items_[index]->heap_place.deadline; }
  void put(std::size_t index, T* item) {
    items_[index] = item;
    item->heap_place.index = index;
  }
  void swap(std::size_t a, std::size_t b) {
    T* first = items_[a];
    put(a, items_[b]);
    put(b, first);
  }
  void sift_up(std::size_t index) {
    while (index > 0 && at(index) < at((index - 1) / 2)) {
      swap(index, (index - 1) / 2);
      index = (index - 1) / 2;
    }
  }
  void sift_down(std::size_t index) {
    for (;;) {
      std::size_t smallest = index;
      for (std::size_t child = 2 * index + 1; child <= 2 * index + 2 && child < items_.size(); ++child) {
        if (at(child) < at(smallest)) smallest = child;
      }
      if (smallest == index) return;
      swap(index, smallest);
      index = smallest;
    }
  }

  std::vector<T*> items_;
};

}  // namespace softlan
