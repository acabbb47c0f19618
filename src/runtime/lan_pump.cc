#include "runtime/lan_pump.h"

#include <utility>

#include "platform/linux/offload_features.h"

namespace softlan::runtime {

namespace {
constexpr std::size_t kBatch = 64;
constexpr Duration kRetry = std::chrono::seconds(1);
}  // namespace

LanPump::LanPump(Loop& loop, platform::PacketSocket socket, std::string offload_file, FramePool& pool, obs::Log& log)
    : loop_(loop),
      socket_(std::move(socket)),
      offloads_(std::move(offload_file), platform::kernel_release(), log),
      pool_(pool),
      log_(log),
      retry_(loop.context(), [this] { reopen(); }) {
  frames_.reserve(4096);
  link_.name = socket_->interface();
}

void LanPump::start(gateway::Bridge& bridge) {
  bridge_ = &bridge;
  plug_in();
  watch_links();
  if (!link_.carrier) log_.warn("no cable; waiting for it", {{"interface", link_.name}});
}

// With a new socket: everything around it.
void LanPump::plug_in() {
  socket_->set_members(members_);
  if (auto link = platform::ethernet_link(socket_->index())) link_ = *std::move(link);
  offloads_.protect(link_.name);
  open_host_tap();
  watch_ = std::make_unique<Watch>(loop_, socket_->fd(), [this](TimePoint now) { return read(now); });
}

// The watch goes before its descriptor, whose number may soon be another's.
void LanPump::unplug() {
  watch_.reset();
  host_.reset();
  socket_.reset();
}

void LanPump::open_host_tap() {
  host_.reset();
  auto opened = platform::HostTap::open(link_);
  if (opened) {
    host_.emplace(std::move(*opened));
  } else {
    log_.warn("remote players cannot reach this machine itself", {{"reason", opened.error().message}});
  }
}

void LanPump::watch_links() {
  auto started = RouteWatch::start(loop_, [this](TimePoint now) { on_link_change(now); });
  if (!started) return log_.warn("changes of the interface go unnoticed", {{"reason", started.error().message}});
  links_ = *std::move(started);
}

bool LanPump::read(TimePoint now) {
  if (!socket_) return false;
  const platform::PacketSocket::ReadResult result = socket_->read(pool_, *this, kBatch);
  bridge_->on_lan_drops(obs::DropReason::no_buffer, result.no_buffer);
  bridge_->on_lan_drops(obs::DropReason::jumbo, result.jumbo);
  bridge_->on_lan_drops(obs::DropReason::bad_offload, result.bad_offload);
  loop_.count_frames(frames_.size());
  bridge_->on_lan_frames(now, frames_);
  frames_.clear();
  if (result.down) log_.warn("the interface was taken down; waiting for it to come up", {{"interface", link_.name}});
  if (result.gone) {
    log_.warn("the interface is gone; waiting for it to return", {{"interface", link_.name}});
    unplug();
    retry_.set(kRetry);
    return false;
  }
  return result.more;
}

void LanPump::on_link_change(TimePoint now) {
  if (!socket_) return;
  auto link = platform::ethernet_link(socket_->index());
  if (!link || *link == link_) return;  // that it is gone is for read() to find
  const platform::EthernetLink before = std::exchange(link_, *std::move(link));
  if (link_.name != before.name)
    log_.info("the interface has a new name", {{"before", before.name}, {"interface", link_.name}});
  if (link_.up && !link_.carrier && before.carrier)
    log_.warn("the cable was pulled; waiting for it", {{"interface", link_.name}});
  if (link_.carrier && !before.carrier) {
    log_.info("the cable is plugged in", {{"interface", link_.name}});
    bridge_->on_lan_up(now);
  }
  if (link_.mac != before.mac || link_.owner != before.owner) open_host_tap();
}

void LanPump::reopen() {
  auto opened = platform::PacketSocket::open(link_.name);
  if (!opened) return retry_.set(kRetry);
  socket_.emplace(std::move(*opened));
  plug_in();
  log_.info("the interface is back", {{"interface", link_.name}});
  loop_.turn([this](TimePoint now) { bridge_->on_lan_up(now); });
}

std::size_t LanPump::write(std::span<const FrameRef> frames) {
  if (!socket_) return frames.size();
  if (!host_) return socket_->write(frames);
  for (const FrameRef& frame : frames) {
    const proto::Mac destination = proto::Mac::load(frame.bytes().data());
    if (destination.is_multicast() || destination == link_.mac) for_host_.push_back(frame);
    if (destination != link_.mac) for_wire_.push_back(frame);
  }
  const std::size_t refused = socket_->write(for_wire_);
  (void)host_->write(for_host_);
  for_wire_.clear();
  for_host_.clear();
  return refused;
}

void LanPump::set_members(std::span<const proto::Mac> members) {
  members_.assign(members.begin(), members.end());
  if (socket_) socket_->set_members(members_);
}

}  // namespace softlan::runtime
