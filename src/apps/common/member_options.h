// Flags that gateway and client share, and what they come to once checked.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/command_line.h"
#include "base/random.h"
#include "base/result.h"
#include "ctrl/messages.h"
#include "proto/mac.h"
#include "quic/tls.h"
#include "runtime/dialer.h"
#include "runtime/identity.h"
#include "session/session.h"

namespace softlan::apps {

struct MemberOptions {
  std::string relay;
  std::string server_name;
  std::string ca_file;
  std::string relay_pin;
  std::string room;
  std::string join;
  std::string join_file;
  std::string pass_file;
  std::string name;
  std::string identity_file;
  double join_timeout_seconds = 10;
  std::string uplink_limit;
  bool goes_first = true;

  void add_to(CommandLine& line);
  // Reads the party's link and the pass, and checks everything; to be called once, before what follows. The error is
  // the first thing wrong with the flags.
  [[nodiscard]] Result<void> settle();

  // As given by link or file; empty when there is none.
  std::string pass;
  // What nobody else may read; once settled.
  [[nodiscard]] std::vector<std::string> secrets() const;
  // Whether a relay to join through was named at all.
  [[nodiscard]] bool names_a_relay() const;
  // Of the relay's key; then nothing else about its certificate counts.
  std::optional<std::array<std::uint8_t, 32>> pin;
  // Whether the relay is known by its own key or certificate, not by an issuer the whole system trusts.
  [[nodiscard]] bool trusts_one_relay() const { return pin || !ca_file.empty(); }

  [[nodiscard]] runtime::DialerConfig dialer_config() const;
  [[nodiscard]] session::Config session_config(const CommandLine& line, ctrl::Role role, const proto::Mac& mac) const;
  // From --identity, or `role`'s file in the state directory.
  [[nodiscard]] Result<runtime::Identity> load_identity(const std::string& role, Random& random) const;
  // Where `file`, which belongs to the identity, is kept: beside it.
  [[nodiscard]] Result<std::string> beside_identity(const std::string& role, const std::string& file) const;
  [[nodiscard]] Result<std::unique_ptr<quic::TlsContext>> make_tls(const runtime::Identity& identity) const;

 private:
  [[nodiscard]] Result<void> read_link();
  [[nodiscard]] Result<void> read_pass();
  [[nodiscard]] Result<void> read_pin();
  [[nodiscard]] Result<void> read_uplink_limit();
  [[nodiscard]] Result<std::string> identity_path(const std::string& role) const;

  std::uint64_t uplink_bits_per_second_ = 0;
};

}  // namespace softlan::apps
