// Moves frames between the party's LAN, this machine itself and the gateway's core, and keeps at it when the interface
// changes, goes and returns.
//
// This machine is a host at the party like any other: what a member sends to its MAC goes to its own stack alone, what
// is for many goes there too.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/frame_pool.h"
#include "gateway/bridge.h"
#include "obs/log.h"
#include "platform/linux/host_tap.h"
#include "platform/linux/packet_socket.h"
#include "proto/offload.h"
#include "runtime/alarm.h"
#include "runtime/loop.h"
#include "runtime/offload_guard.h"
#include "runtime/route_watch.h"
#include "runtime/watch.h"

namespace softlan::runtime {

class LanPump final : public gateway::LanPort, private proto::FrameSink {
 public:
  // `offload_file` is where OffloadGuard keeps what it has to put back.
  LanPump(Loop& loop, platform::PacketSocket socket, std::string offload_file, FramePool& pool, obs::Log& log);

  // Whose frames these are; starts reading. Borrowed.
  void start(gateway::Bridge& bridge);

  // gateway::LanPort
  std::size_t write(std::span<const FrameRef> frames) override;
  void set_members(std::span<const proto::Mac> members) override;

 private:
  void plug_in();
  void unplug();
  void open_host_tap();
  void watch_links();
  bool read(TimePoint now);
  void on_frame(FrameRef frame) override { frames_.push_back(std::move(frame)); }
  void on_link_change(TimePoint now);
  void reopen();

  Loop& loop_;
  std::optional<platform::PacketSocket> socket_;  // empty while the interface is gone
  platform::EthernetLink link_;                   // the interface when last looked at
  std::optional<platform::HostTap> host_;         // empty while this machine is out of reach
  OffloadGuard offloads_;
  FramePool& pool_;
  obs::Log& log_;
  gateway::Bridge* bridge_ = nullptr;
  std::vector<proto::Mac> members_;
  std::vector<FrameRef> frames_, for_wire_, for_host_;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<RouteWatch> links_;
  Alarm retry_;
};

}  // namespace softlan::runtime
