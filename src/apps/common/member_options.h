// Flags that gateway and client share, and what they come to once checked.
#pragma once

#include <memory>
#include <string>

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
  std::string room;
  std::string name;
  std::string identity_file;
  double join_timeout_seconds = 10;

  void add_to(CommandLine& line);
  // The first thing wrong with the flags, as a sentence; empty when all is well.
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] runtime::DialerConfig dialer_config() const;
  [[nodiscard]] session::Config session_config(const CommandLine& line, ctrl::Role role, const proto::Mac& mac) const;
  // From --identity, or `role`'s file in the state directory.
  [[nodiscard]] Result<runtime::Identity> load_identity(const std::string& role, Random& random) const;
  [[nodiscard]] Result<std::unique_ptr<quic::TlsContext>> make_tls(const runtime::Identity& identity) const;
};

}  // namespace softlan::apps
