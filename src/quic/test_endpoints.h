// A relay's endpoint and a member's with a wire in memory between them, for tests.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quic/certificate.h"
#include "quic/endpoint.h"

namespace softlan::quic::test {

inline constexpr std::int64_t kToday = 1780000000;  // 2026
inline const std::string kName = "lanparty-relay.local";

inline SocketAddress address(std::uint8_t last, std::uint16_t port) {
  SocketAddress made;
  made.ip.family = IpAddress::Family::v4;
  made.ip.bytes = {10, 0, 0, last};
  made.port = port;
  return made;
}

// Records everything an endpoint tells.
class RecordingOwner final : public link::LinkOwner {
 public:
  void on_link_up(TimePoint, link::Link& link) override { up.push_back(&link); }
  void on_link_down(TimePoint, link::Link&, const link::LinkEnd& end) override { ends.push_back(end); }
  void on_control(TimePoint, link::Link&, Bytes bytes) override { control.append(bytes.begin(), bytes.end()); }
  void on_received(TimePoint, std::span<link::Received> received) override {
    for (auto& one : received) frames.push_back(std::move(one));
  }
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason reason) override { bad.push_back(reason); }
  void on_budget(TimePoint, link::Link&, std::size_t size) override { budget = size; }

  std::vector<link::Link*> up;
  std::vector<link::LinkEnd> ends;
  std::string control;
  std::vector<link::Received> frames;
  std::vector<obs::DropReason> bad;
  std::size_t budget = 0;
};

// A wire that delivers at once unless told to drop.
class Wire final : public PacketSender {
 public:
  bool send(SendBatch& batch) override {
    for (const auto& packet : batch.packets()) {
      const Bytes data = batch.data(packet);
      if (packet.size <= mtu) packets.push_back({{data.begin(), data.end()}, packet.path});
    }
    batch.clear();
    return true;
  }

  struct Sent {
    std::vector<std::uint8_t> data;
    NetworkPath path;
  };
  std::deque<Sent> packets;
  std::size_t mtu = 1472;
};

inline KeyedCertificate relay_certificate() {
  const std::string names[] = {kName};
  return *generate_relay_certificate(names, kToday);
}

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() { use_trust({.ca = *certificate_to_der(certificate_.certificate_pem)}); }

  void use_trust(Trust trust, const KeyedCertificate& identity = *generate_identity()) {
    member_.reset();
    member_tls_ = *TlsContext::for_member(identity, std::move(trust));
    member_ = std::make_unique<Endpoint>(member_config_, *member_tls_, pool_, random_, member_owner_, member_wire_);
  }

  void restart_member(const EndpointConfig& config) {
    member_config_ = config;
    use_trust({.ca = *certificate_to_der(certificate_.certificate_pem)});
  }

  link::Link& dial(const std::string& name = kName) {
    return *member_->dial(now_, {address(2, 2000), address(1, 443)}, name, room_hash("ROOM1"));
  }

  static void carry(TimePoint now, Wire& wire, Endpoint* to) {
    while (!wire.packets.empty()) {
      const Wire::Sent sent = std::move(wire.packets.front());
      wire.packets.pop_front();
      const ReceivedPacket packet{sent.data, {sent.path.remote, sent.path.local}, 0};
      if (to) to->on_packets(now, {&packet, 1});
    }
  }

  void run(Duration time) {
    const TimePoint end = now_ + time;
    while (now_ < end) {
      now_ += std::chrono::milliseconds(1);
      for (Endpoint* endpoint : {relay_.get(), member_.get()}) {
        if (!endpoint) continue;
        if (endpoint->next_deadline() <= now_) endpoint->on_deadline(now_);
        endpoint->flush(now_);
      }
      carry(now_, relay_wire_, member_.get());
      carry(now_, member_wire_, relay_.get());
    }
  }

  FrameRef frame(std::size_t size) {
    FrameRef made = pool_.acquire(size);
    random_.fill(made.mutable_bytes());
    return made;
  }

  void restart_relay(const EndpointConfig& config = {}) {
    relay_ = std::make_unique<Endpoint>(config, *relay_tls_, pool_, random_, relay_owner_, relay_wire_);
  }

  TimePoint now_{std::chrono::seconds(1)};
  EndpointConfig member_config_;
  FramePool pool_{5000};
  SeededRandom random_{7};
  KeyedCertificate certificate_ = relay_certificate();
  Wire relay_wire_, member_wire_;
  RecordingOwner relay_owner_, member_owner_;
  std::unique_ptr<TlsContext> relay_tls_ = *TlsContext::for_relay(certificate_);
  std::unique_ptr<TlsContext> member_tls_;
  std::unique_ptr<Endpoint> relay_ =
      std::make_unique<Endpoint>(EndpointConfig{}, *relay_tls_, pool_, random_, relay_owner_, relay_wire_);
  std::unique_ptr<Endpoint> member_;
};

}  // namespace softlan::quic::test
