#include "sim/internet.h"

#include <utility>

namespace softlan::sim {

namespace {

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  IpAddress ip;
  ip.family = IpAddress::Family::v4;
  ip.bytes = {a, b, c, d};
  return ip;
}

}  // namespace

void Internet::route(UdpPacket packet) {
  if (const auto home = homes_.find(packet.to.ip); home != homes_.end()) {
    return home->second->receive(std::move(packet));
  }
  if (const auto socket = sockets_.find(packet.to); socket != sockets_.end()) {
    return socket->second->on_udp(std::move(packet));
  }
  ++undeliverable_;
  const auto sender = homes_.find(packet.from.ip);
  if (tells_unreachable && sender != homes_.end()) sender->second->receive_unreachable(packet.from);
}

Access::Access(Sim& sim, Internet& internet, const std::string& name, std::uint8_t number, const LineConfig& line)
    : sim_(sim),
      internet_(internet),
      node_(sim.timeline.add_node(name + " line")),
      inside_(v4(10, 0, number, 2)),
      outside_(v4(203, 0, 113, number)),
      up_(sim, sim.timeline.add_node(name + " up"), line,
          [this](UdpPacket packet) { internet_.route(std::move(packet)); }),
      down_(sim, sim.timeline.add_node(name + " down"), line, [this](UdpPacket packet) { arrive(std::move(packet)); }) {
  internet.attach(outside_, *this);
}

SocketAddress Access::open(UdpSink& sink) {
  const std::uint16_t port = next_port_++;
  sockets_[port] = &sink;
  return {.ip = inside_, .port = port, .scope = 0};
}

void Access::send(UdpPacket packet) {
  packet.from = {.ip = outside_, .port = nat_.outside(packet.from.port), .scope = 0};
  sim_.timeline.record(sim_.now(), node_, What::packet_sent, packet.data.size());
  capture(packet);
  up_.carry(std::move(packet));
}

void Access::capture(const UdpPacket& packet) {
  if (!sim_.timeline.keeps()) return;
  sim_.timeline.capture(sim_.now(), node_, Timeline::Medium::ip, with_headers(packet));
}

UdpSink* Access::socket_behind(std::uint16_t outside_port, SocketAddress& inside) const {
  const auto port = nat_.inside(outside_port);
  const auto socket = port ? sockets_.find(*port) : sockets_.end();
  if (socket == sockets_.end()) return nullptr;
  inside = {.ip = inside_, .port = *port, .scope = 0};
  return socket->second;
}

void Access::arrive(UdpPacket packet) {
  sim_.timeline.record(sim_.now(), node_, What::packet_received, packet.data.size());
  capture(packet);
  UdpSink* socket = socket_behind(packet.to.port, packet.to);
  if (!socket) {
    ++undeliverable_;
    return;
  }
  socket->on_udp(std::move(packet));
}

void Access::receive_unreachable(const SocketAddress& outside) {
  if (down_.cut) return;
  sim_.scheduler.after(down_.config.delay, [this, outside] {
    SocketAddress inside;
    if (UdpSink* socket = socket_behind(outside.port, inside)) socket->on_unreachable(inside);
  });
}

void Access::clear_weather() {
  for (Line* line : {&up_, &down_}) {
    line->config.loss = line->config.burst_begin = line->config.duplication = line->config.reordering = 0;
  }
}

}  // namespace softlan::sim
