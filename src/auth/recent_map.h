// A map of bounded size that forgets what was used longest ago.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <utility>

#include "base/check.h"

namespace softlan::auth {

template <typename Key, typename Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t capacity) : capacity_(capacity) { SOFTLAN_CHECK(capacity > 0); }

  // Looks without using. Null when not there.
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  // The value of `key`, which becomes `fresh` when it is not there; now the last one to be forgotten. The reference
  // holds until the next call that is not const.
  Value& use(const Key& key, const Value& fresh) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
      by_use_.splice(by_use_.begin(), by_use_, found->second);
      return found->second->second;
    }
    if (by_use_.size() == capacity_) forget(by_use_.back().first);
    by_use_.emplace_front(key, fresh);
    places_.emplace(key, by_use_.begin());
    return by_use_.front().second;
  }

  void forget(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    by_use_.erase(found->second);
    places_.erase(found);
  }

  [[nodiscard]] std::size_t size() const { return by_use_.size(); }

 private:
  using Entries = std::list<std::pair<Key, Value>>;

  std::size_t capacity_;
  Entries by_use_;  // the last used first
  std::map<Key, typename Entries::iterator> places_;
};

}  // namespace softlan::auth
