#include "sim/member_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "quic/connection_id.h"

namespace softlan::sim {

namespace {

constexpr std::size_t kMaxFrames = 8192;
constexpr Duration kLookup = std::chrono::milliseconds(5);

}  // namespace

// One socket with its endpoint. Packets find it by its port, because it may be gone when they are read.
class MemberProcess::Dial final : public PacketSender, public UdpSink {
 public:
  explicit Dial(MemberProcess& owner)
      : process(owner),
        local(process.access_.open(*this)),
        book(process.session_),
        endpoint({}, *process.setup_.tls, process.pool_, process.random_, book, *this) {}
  ~Dial() override { process.access_.close(local); }

  bool send(SendBatch& batch) override {
    for (const SendBatch::Packet& packet : batch.packets()) {
      const Bytes data = batch.data(packet);
      process.access_.send({{data.begin(), data.end()}, local, packet.path.remote, packet.ecn});
    }
    batch.clear();
    return true;
  }

  void on_udp(UdpPacket packet) override {
    process.turn([to = &process, packet = std::move(packet)](TimePoint now) {
      Dial* dial = to->find(packet.to.port);
      if (!dial) return;
      const ReceivedPacket received{packet.data, {packet.to, packet.from}, packet.ecn};
      dial->endpoint.on_packets(now, {&received, 1});
    });
  }

  void on_unreachable(const SocketAddress& at) override {
    process.turn([to = &process, port = at.port](TimePoint now) {
      if (Dial* dial = to->find(port)) dial->endpoint.on_unreachable(now);
    });
  }

  MemberProcess& process;
  const SocketAddress local;
  LinkBook book;
  quic::Endpoint endpoint;
};

MemberProcess::MemberProcess(Sim& sim, Access& access, const MemberSetup& setup, session::Member& member)
    : Process(sim, setup.name),
      access_(access),
      setup_(setup),
      pool_(kMaxFrames),
      random_(sim.random.next_u64()),
      session_({.role = setup.role,
                .room = setup.room,
                .mac = setup.mac,
                .name = setup.name,
                .software = "simulated",
                .relay = "relay.example.org:443",
                .server_name = Credentials::kServerName,
                .join_timeout = setup.join_timeout},
               *this, member, *this, random_, log_) {}

MemberProcess::~MemberProcess() { note("ended"); }

void MemberProcess::start() {
  note("started");
  turn([this](TimePoint now) { session_.start(now); });
}

void MemberProcess::leave() {
  turn([this](TimePoint now) { session_.leave(now); });
}

TimePoint MemberProcess::next_deadline() const {
  TimePoint earliest = std::min(session_.next_deadline(), core_deadline());
  for (const auto& dial : dials_) earliest = std::min(earliest, dial->endpoint.next_deadline());
  return earliest;
}

void MemberProcess::on_deadline(TimePoint now) {
  // The session may dial from here, which appends.
  for (std::size_t i = 0; i < dials_.size(); ++i) {
    if (dials_[i]->endpoint.next_deadline() <= now) dials_[i]->endpoint.on_deadline(now);
  }
  if (session_.next_deadline() <= now) session_.on_deadline(now);
  if (core_deadline() <= now) on_core_deadline(now);
}

void MemberProcess::flush(TimePoint now) {
  for (std::size_t i = 0; i < dials_.size(); ++i) dials_[i]->endpoint.flush(now);
  std::erase_if(dials_, [this](const auto& dial) {
    if (dial->endpoint.connections() > 0) return false;
    std::ranges::copy(dial->book.accounts(), std::back_inserter(past_accounts_));
    return true;
  });
}

void MemberProcess::resolve() {
  turn_after(kLookup, [this](TimePoint now) { session_.on_resolved(now, std::vector{setup_.relay}); });
}

Result<link::Link*> MemberProcess::dial(TimePoint now, const SocketAddress& address) {
  Dial& dial = *dials_.emplace_back(std::make_unique<Dial>(*this));
  link::Link* link =
      dial.endpoint.dial(now, {dial.local, address}, Credentials::kServerName, quic::room_hash(setup_.room));
  if (!link) return fail("no memory for a connection");
  return &dial.book.watch(*link);
}

MemberProcess::Dial* MemberProcess::find(std::uint16_t port) {
  const auto found = std::ranges::find_if(dials_, [&](const auto& dial) { return dial->local.port == port; });
  return found == dials_.end() ? nullptr : found->get();
}

std::vector<LinkAccount> MemberProcess::accounts() const {
  std::vector<LinkAccount> all = past_accounts_;
  for (const auto& dial : dials_) std::ranges::copy(dial->book.accounts(), std::back_inserter(all));
  return all;
}

void MemberProcess::on_condition(obs::Condition condition, const obs::Details& details) {
  note(fmt::format("{} {} {}", obs::to_string(condition), details.member, details.message));
}

void MemberProcess::on_ended(bool failed) {
  note(failed ? "gave up" : "left");
  over_ = true;
}

}  // namespace softlan::sim
