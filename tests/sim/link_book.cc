#include "sim/link_book.h"

#include <utility>

namespace softlan::sim {

class LinkBook::Watched final : public link::Link {
 public:
  explicit Watched(link::Link& real) : real_(real) { real.context = this; }

  static Watched& of(const link::Link& real) { return *static_cast<Watched*>(real.context); }

  void send_frame(TimePoint now, PeerId sender, FrameRef frame) override {
    ++account_.offered;
    real_.send_frame(now, sender, std::move(frame));
  }
  void send_echo(TimePoint now, PeerId sender, const proto::Echo& echo) override { real_.send_echo(now, sender, echo); }
  [[nodiscard]] bool send_control(Bytes bytes) override { return real_.send_control(bytes); }
  void close(link::CloseCode code, std::string_view reason) override {
    real_.close(code, reason);
    end();
  }
  void set_keep_alive(Duration silence) override { real_.set_keep_alive(silence); }
  [[nodiscard]] const link::Fingerprint& peer_identity() const override { return real_.peer_identity(); }
  [[nodiscard]] const link::ChannelBinding& channel_binding() const override { return real_.channel_binding(); }
  [[nodiscard]] SocketAddress peer_address() const override { return real_.peer_address(); }
  [[nodiscard]] link::LinkStats stats() const override { return real_.stats(); }
  [[nodiscard]] const obs::Counters& counters() const override { return real_.counters(); }

  void up() { account_.was_up = true; }
  void handed_up() { ++account_.handed_up; }
  void end() {
    account_.counters = real_.counters();
    account_.ended = true;
  }
  [[nodiscard]] LinkAccount account() const {
    LinkAccount now = account_;
    if (!now.ended) now.counters = real_.counters();
    return now;
  }

 private:
  link::Link& real_;
  LinkAccount account_;
};

LinkBook::LinkBook(link::LinkOwner& owner) : owner_(owner) {}

LinkBook::~LinkBook() = default;

link::Link& LinkBook::watch(link::Link& link) { return *links_.emplace_back(std::make_unique<Watched>(link)); }

std::vector<LinkAccount> LinkBook::accounts() const {
  std::vector<LinkAccount> all;
  for (const auto& link : links_) all.push_back(link->account());
  return all;
}

void LinkBook::on_link_up(TimePoint now, link::Link& link) {
  if (!link.context) (void)watch(link);
  Watched& watched = Watched::of(link);
  watched.up();
  owner_.on_link_up(now, watched);
}

void LinkBook::on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) {
  if (!link.context) return owner_.on_link_down(now, link, end);  // it never was up
  Watched& watched = Watched::of(link);
  watched.end();
  owner_.on_link_down(now, watched, end);
}

void LinkBook::on_control(TimePoint now, link::Link& link, Bytes bytes) {
  owner_.on_control(now, Watched::of(link), bytes);
}

void LinkBook::on_received(TimePoint now, std::span<link::Received> received) {
  for (link::Received& one : received) {
    Watched& watched = Watched::of(*one.from);
    if (!one.is_echo) watched.handed_up();
    one.from = &watched;
  }
  owner_.on_received(now, received);
}

void LinkBook::on_bad_datagram(TimePoint now, link::Link& link, obs::DropReason reason) {
  owner_.on_bad_datagram(now, Watched::of(link), reason);
}

void LinkBook::on_budget(TimePoint now, link::Link& link, std::size_t budget) {
  owner_.on_budget(now, Watched::of(link), budget);
}

}  // namespace softlan::sim
