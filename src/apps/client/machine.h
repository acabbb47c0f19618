// The player's machine as the client uses it: which flags it has, the virtual network card, and what is changed for
// that. One implementation for each system.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "apps/client/diagnose.h"
#include "apps/common/command_line.h"
#include "base/frame_pool.h"
#include "base/result.h"
#include "client/bridge.h"
#include "proto/mac.h"
#include "runtime/answering.h"
#include "runtime/dialer.h"
#include "runtime/loop.h"
#include "runtime/machine_facts.h"
#include "runtime/voice.h"

namespace softlan::apps {

// What a card works with; borrowed.
struct Workplace {
  const CommandLine& line;
  runtime::Loop& loop;
  FramePool& pool;
  runtime::Voice& voice;
};

// A virtual network card of ours. Its end puts back whatever was changed on the machine.
class Card {
 public:
  virtual ~Card() = default;

  // What it has, whatever was asked for.
  [[nodiscard]] virtual proto::Mac mac() const = 0;
  [[nodiscard]] virtual client::TapPort& port() = 0;
  // The tunnel's own packets are to stay off this card.
  virtual void stay_clear(runtime::DialerConfig& dialer) = 0;
  // Frames come and go from now on. `on_gone` gets a sentence when the card is taken away.
  virtual void start(client::Bridge& bridge, std::function<void(const std::string&)> on_gone) = 0;
  [[nodiscard]] virtual runtime::MachineFacts facts(const std::optional<SocketAddress>& relay) = 0;
  // Other calls of the program ask what this one does, where the system has a way to.
  virtual void answer(runtime::Answering answering) = 0;
};

class Machine {
 public:
  virtual ~Machine() = default;

  // For the end of --help.
  [[nodiscard]] virtual std::string example() const = 0;
  virtual void add_to(CommandLine& line) = 0;
  // The exit code when a subcommand was called.
  [[nodiscard]] virtual std::optional<int> run_subcommand(const CommandLine& line) const = 0;
  [[nodiscard]] virtual DiagnoseOption::Means means(const CommandLine& line) const = 0;
  // Makes a card, or takes the one that is there, and gives it that MAC unless the flags say otherwise.
  [[nodiscard]] virtual Result<std::unique_ptr<Card>> plug_in(const Workplace& place, const proto::Mac& mac) = 0;
};

[[nodiscard]] std::unique_ptr<Machine> this_machine();

}  // namespace softlan::apps
