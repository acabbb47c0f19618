// An observer between an endpoint and the core above it: counts what goes through every link and keeps the account
// after the link is gone. The core sees a link of the book's in place of each real one.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "link/link.h"

namespace softlan::sim {

// The account of one link.
struct LinkAccount {
  std::uint64_t offered = 0;    // frames the core gave it
  std::uint64_t handed_up = 0;  // frames it gave the core
  obs::Counters counters;       // as the link itself counts
  bool was_up = false;
  bool ended = false;  // closed or down: what its queue held is gone
};

class LinkBook final : public link::LinkOwner {
 public:
  // Borrows `owner`.
  explicit LinkBook(link::LinkOwner& owner);
  ~LinkBook() override;
  LinkBook(const LinkBook&) = delete;
  LinkBook& operator=(const LinkBook&) = delete;

  // What the core sees of a link that was dialled.
  [[nodiscard]] link::Link& watch(link::Link& link);
  // Of every link so far. To be asked before anything that may destroy links.
  [[nodiscard]] std::vector<LinkAccount> accounts() const;

  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) override;
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint now, std::span<link::Received> received) override;
  void on_bad_datagram(TimePoint now, link::Link& link, obs::DropReason reason) override;
  void on_budget(TimePoint now, link::Link& link, std::size_t budget) override;

 private:
  class Watched;

  link::LinkOwner& owner_;
  std::vector<std::unique_ptr<Watched>> links_;
};

}  // namespace softlan::sim
