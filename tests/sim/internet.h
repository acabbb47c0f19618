// The simulated internet: one address of the relay's, and members' homes, each behind a NAT and two lines.
//
//   member's socket -- Nat -- up line ---> Internet ---> relay's socket
//                         \-- down line <--
#pragma once

#include <map>
#include <string>

#include "sim/line.h"
#include "sim/nat.h"
#include "sim/sim.h"

namespace softlan::sim {

class Access;

// The core of the network: takes no time and loses nothing but what is for nobody.
class Internet {
 public:
  explicit Internet(Sim& sim) : sim_(sim) {}

  // A public socket: the relay's.
  void bind(const SocketAddress& address, UdpSink& sink) { sockets_[address] = &sink; }
  void unbind(const SocketAddress& address) { sockets_.erase(address); }
  void attach(const IpAddress& outside, Access& access) { homes_[outside] = &access; }

  void route(UdpPacket packet);

  bool tells_unreachable = true;  // hosts answer with ICMP where nobody listens
  // Packets for sockets nobody has.
  [[nodiscard]] std::uint64_t undeliverable() const { return undeliverable_; }

 private:
  Sim& sim_;
  std::map<SocketAddress, UdpSink*> sockets_;
  std::map<IpAddress, Access*> homes_;
  std::uint64_t undeliverable_ = 0;
};

// A home's way to the internet.
class Access {
 public:
  // `number` makes its addresses: 10.0.NN.2 inside, 203.0.113.NN outside.
  Access(Sim& sim, Internet& internet, const std::string& name, std::uint8_t number, const LineConfig& line);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  // A new socket behind the NAT.
  [[nodiscard]] SocketAddress open(UdpSink& sink);
  void close(const SocketAddress& inside) { sockets_.erase(inside.port); }
  // From a socket inside.
  void send(UdpPacket packet);
  // From the internet.
  void receive(UdpPacket packet) { down_.carry(std::move(packet)); }
  void receive_unreachable(const SocketAddress& outside);

  void rebind_nat() { nat_.rebind(); }
  void set_cut(bool cut) { up_.cut = down_.cut = cut; }
  void set_mtu(std::size_t mtu) { up_.config.mtu = down_.config.mtu = mtu; }
  // No loss, duplication or reordering from now on; delay and rate stay.
  void clear_weather();

  [[nodiscard]] const Line& up() const { return up_; }
  [[nodiscard]] const Line& down() const { return down_; }
  [[nodiscard]] bool reorders() const { return up_.ledger().reordered + down_.ledger().reordered > 0; }
  // Packets for ports that are dead or closed.
  [[nodiscard]] std::uint64_t undeliverable() const { return undeliverable_; }

 private:
  void arrive(UdpPacket packet);
  void capture(const UdpPacket& packet);
  [[nodiscard]] UdpSink* socket_behind(std::uint16_t outside_port, SocketAddress& inside) const;

  Sim& sim_;
  Internet& internet_;
  Timeline::Node node_;
  IpAddress inside_;
  IpAddress outside_;
  Nat nat_;
  Line up_;
  Line down_;
  std::uint16_t next_port_ = 40000;
  std::map<std::uint16_t, UdpSink*> sockets_;  // by inside port
  std::uint64_t undeliverable_ = 0;
};

}  // namespace softlan::sim
