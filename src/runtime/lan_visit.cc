#include "runtime/lan_visit.h"

#include <utility>

#include "doctor/lan_probe.h"
#include "platform/linux/neighbours.h"
#include "platform/linux/packet_socket.h"
#include "runtime/loop.h"
#include "runtime/watch.h"

namespace softlan::runtime {

namespace {

constexpr std::size_t kBatch = 64;

doctor::Acquaintance acquaintance(const doctor::Card& card, Random& random) {
  return {.own = card.mac,
          .foreign = proto::generate_mac(random),
          .transaction = static_cast<std::uint32_t>(random.next_u64()),
          .own_addresses = platform::own_addresses(card.index),
          .hosts = platform::known_hosts(card.index)};
}

class LanVisit final : private doctor::LanPort, private proto::FrameSink {
 public:
  LanVisit(platform::PacketSocket socket, doctor::Acquaintance known, FramePool& pool)
      : socket_(std::move(socket)), pool_(pool), probe_(std::move(known), *this) {}

  const doctor::Lan& run() {
    const Watch watch(loop_, socket_.fd(), [this](TimePoint) {
      const auto result = socket_.read(pool_, *this, kBatch);
      return result.more;
    });
    loop_.attach({.next_deadline = [this] { return probe_.next_deadline(); },
                  .on_deadline = [this](TimePoint now) { on_deadline(now); },
                  .flush = {}});
    loop_.turn([this](TimePoint now) { probe_.start(now); });
    loop_.run();
    return probe_.heard();
  }

 private:
  void on_deadline(TimePoint now) {
    probe_.on_deadline(now);
    if (probe_.over()) loop_.stop();
  }
  void send(Bytes bytes) override {
    const FrameRef frame = pool_.copy(bytes);
    if (frame) (void)socket_.write({&frame, 1});
  }
  void on_frame(FrameRef frame) override { probe_.on_frame(frame.bytes()); }

  Loop loop_;
  platform::PacketSocket socket_;
  FramePool& pool_;
  doctor::LanProbe probe_;
};

}  // namespace

Result<doctor::Lan> visit_lan(const doctor::Card& card, FramePool& pool, Random& random) {
  auto socket = platform::PacketSocket::open(card.name);
  if (!socket) return std::unexpected(socket.error());
  return LanVisit(*std::move(socket), acquaintance(card, random), pool).run();
}

}  // namespace softlan::runtime
