// A machine that runs the relay: the real core and the real QUIC endpoint behind one simulated socket.
//
// Its certificate and stateless-reset key survive the process, as they do in the real one's state directory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "quic/endpoint.h"
#include "relay/relay.h"
#include "sim/credentials.h"
#include "sim/internet.h"
#include "sim/link_book.h"
#include "sim/process.h"

namespace softlan::sim {

class RelayProcess final : public Process, private UdpSink, private PacketSender {
 public:
  RelayProcess(Sim& sim, Internet& internet, const Credentials& credentials, const SocketAddress& address,
               const std::array<std::uint8_t, 32>& reset_key);
  ~RelayProcess() override;

  // As on SIGTERM.
  void shut_down();

  [[nodiscard]] const relay::Relay& core() const { return relay_; }
  [[nodiscard]] const quic::Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] const FramePool& pool() const { return pool_; }
  [[nodiscard]] std::vector<LinkAccount> accounts() const { return book_.accounts(); }

 private:
  TimePoint next_deadline() const override;
  void on_deadline(TimePoint now) override;
  void flush(TimePoint now) override { endpoint_.flush(now); }
  void on_udp(UdpPacket packet) override;
  void on_unreachable(const SocketAddress&) override {}
  bool send(SendBatch& batch) override;

  Internet& internet_;
  SocketAddress address_;
  FramePool pool_;
  SeededRandom random_;
  obs::Log log_ = obs::Log::quiet();
  relay::Door door_ = relay::Door::passless();
  relay::Relay relay_;
  LinkBook book_{relay_};
  quic::Endpoint endpoint_;
};

class SimRelay {
 public:
  SimRelay(Sim& sim, Internet& internet, const Credentials& credentials);

  void start();
  void kill();
  [[nodiscard]] RelayProcess* process() { return process_.get(); }
  [[nodiscard]] const RelayProcess* process() const { return process_.get(); }
  [[nodiscard]] const SocketAddress& address() const { return address_; }
  [[nodiscard]] unsigned starts() const { return starts_; }
  // Of all links of all its lives.
  [[nodiscard]] std::vector<LinkAccount> accounts() const;
  // Inputs lost while it was stopped.
  [[nodiscard]] std::uint64_t overflowed() const;

 private:
  Sim& sim_;
  Internet& internet_;
  const Credentials& credentials_;
  SocketAddress address_;
  std::array<std::uint8_t, 32> reset_key_{};
  unsigned starts_ = 0;
  std::vector<LinkAccount> past_accounts_;
  std::uint64_t past_overflowed_ = 0;
  std::unique_ptr<RelayProcess> process_;
};

}  // namespace softlan::sim
