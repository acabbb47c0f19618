// All workers of a running relay, in threads of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "obs/log.h"
#include "quic/certificate.h"
#include "relay/door.h"
#include "runtime/crew.h"
#include "runtime/relay_worker.h"
#include "runtime/relay_workers.h"

namespace softlan::runtime {

class RelayCrew final : public RelayWorkers {
 public:
  // As many workers as there are `tls` contexts and lists of `sockets`, a list for each. They begin at once. Borrows
  // `door` and `log`.
  RelayCrew(const WorkersConfig& config, std::vector<std::unique_ptr<quic::TlsContext>> tls,
            std::vector<std::vector<platform::UdpSocket>> sockets, relay::Door& door, obs::Log& log);

  [[nodiscard]] std::size_t count() const override { return workers_.size(); }
  void ask_all(const Work& work) override;
  void ask_room(std::string_view code, const Work& work) override;

  [[nodiscard]] PacketCounters packets() override;
  // After an error nothing has changed.
  [[nodiscard]] Result<void> replace_certificate(const quic::KeyedCertificate& own);
  // Frames and echoes of links without a seat.
  [[nodiscard]] std::uint64_t not_seated();
  void adopt(const relay::RelayConfig& config);
  // Says goodbye to everybody.
  void shut_down();

 private:
  obs::Log& log_;
  std::vector<Inbox*> inboxes_;
  std::vector<std::unique_ptr<RelayWorker>> workers_;
  std::unique_ptr<Crew> crew_;  // ends before what it works on
};

}  // namespace softlan::runtime
