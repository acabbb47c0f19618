#include "sim/sim_relay.h"

#include <algorithm>
#include <utility>

namespace softlan::sim {

namespace {

constexpr std::size_t kMaxFrames = 8192;

quic::EndpointConfig config_with(const std::array<std::uint8_t, 32>& reset_key) {
  quic::EndpointConfig config;
  config.reset_key = reset_key;
  return config;
}

SocketAddress relay_address() {
  SocketAddress address;
  address.ip.family = IpAddress::Family::v4;
  address.ip.bytes = {192, 0, 2, 1};
  address.port = 443;
  return address;
}

}  // namespace

RelayProcess::RelayProcess(Sim& sim, Internet& internet, const Credentials& credentials, const SocketAddress& address,
                           const std::array<std::uint8_t, 32>& reset_key)
    : Process(sim, "relay"),
      internet_(internet),
      address_(address),
      pool_(kMaxFrames),
      random_(sim.random.next_u64()),
      relay_(relay::RelayConfig{}, door_, log_),
      endpoint_(config_with(reset_key), credentials.relay(), pool_, random_, book_, *this) {
  internet_.bind(address_, *this);
  note("started");
}

RelayProcess::~RelayProcess() {
  internet_.unbind(address_);
  note("ended");
}

void RelayProcess::shut_down() {
  turn([this](TimePoint) { relay_.shut_down(); });
}

TimePoint RelayProcess::next_deadline() const { return std::min(relay_.next_deadline(), endpoint_.next_deadline()); }

void RelayProcess::on_deadline(TimePoint now) {
  if (relay_.next_deadline() <= now) relay_.on_deadline(now);
  if (endpoint_.next_deadline() <= now) endpoint_.on_deadline(now);
}

void RelayProcess::on_udp(UdpPacket packet) {
  turn([this, packet = std::move(packet)](TimePoint now) {
    const ReceivedPacket received{packet.data, {address_, packet.from}, packet.ecn};
    endpoint_.on_packets(now, {&received, 1});
  });
}

bool RelayProcess::send(SendBatch& batch) {
  for (const SendBatch::Packet& packet : batch.packets()) {
    const Bytes data = batch.data(packet);
    internet_.route({{data.begin(), data.end()}, address_, packet.path.remote, packet.ecn});
  }
  batch.clear();
  return true;
}

SimRelay::SimRelay(Sim& sim, Internet& internet, const Credentials& credentials)
    : sim_(sim), internet_(internet), credentials_(credentials), address_(relay_address()) {
  sim.random.fill(reset_key_);
}

void SimRelay::start() {
  if (process_) return;
  ++starts_;
  process_ = std::make_unique<RelayProcess>(sim_, internet_, credentials_, address_, reset_key_);
}

void SimRelay::kill() {
  past_accounts_ = accounts();
  for (LinkAccount& account : past_accounts_) account.ended = true;
  past_overflowed_ = overflowed();
  process_.reset();
}

std::vector<LinkAccount> SimRelay::accounts() const {
  std::vector<LinkAccount> all = past_accounts_;
  if (process_) std::ranges::copy(process_->accounts(), std::back_inserter(all));
  return all;
}

std::uint64_t SimRelay::overflowed() const { return past_overflowed_ + (process_ ? process_->overflowed() : 0); }

}  // namespace softlan::sim
