#include "base/deadline_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/random.h"

namespace softlan {
namespace {

struct Item {
  HeapPlace heap_place;
};

TimePoint at(std::uint64_t ns) { return TimePoint(Duration(ns)); }

TEST(DeadlineHeap, AlwaysKnowsTheEarliestWhateverIsSetMovedOrRemoved) {
  std::array<Item, 50> items;
  DeadlineHeap<Item> heap;
  SeededRandom random(1);
  for (int step = 0; step < 20000; ++step) {
    Item& item = items[random.below(items.size())];
    if (random.below(4) == 0) {
      heap.remove(item);
    } else {
      heap.set(item, at(random.below(1000)));
    }
    const auto earliest = std::min_element(items.begin(), items.end(), [](const Item& a, const Item& b) {
      return a.heap_place.deadline < b.heap_place.deadline;
    });
    ASSERT_EQ(heap.next(), earliest->heap_place.deadline);
  }
}

TEST(DeadlineHeap, IsEmptyOnceEverythingIsSetToNever) {
  Item a, b;
  DeadlineHeap<Item> heap;
  heap.set(a, at(5));
  heap.set(b, at(3));
  EXPECT_EQ(heap.first(), &b);
  heap.set(b, kNever);
  EXPECT_EQ(heap.first(), &a);
  heap.set(a, kNever);
  EXPECT_EQ(heap.first(), nullptr);
  EXPECT_EQ(heap.next(), kNever);
}

}  // namespace
}  // namespace softlan
