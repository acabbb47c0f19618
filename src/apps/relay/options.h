// What the relay was told: relay.toml, and its flags over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/command_line.h"
#include "base/result.h"
#include "runtime/relay_settings.h"

namespace softlan::apps {

class RelayOptions {
 public:
  void add_to(CommandLine& line);

  // What holds now: the file is read anew at every call.
  [[nodiscard]] Result<runtime::RelaySettings> settings(const runtime::Moment& moment) const;

  [[nodiscard]] const std::string& certificate_out() const { return certificate_out_; }  // empty: not wanted

 private:
  // Each empty when it was not given.
  std::string config_file_;
  std::string certificate_out_;
  std::vector<std::string> listen_;
  std::vector<std::string> server_names_;
  std::string certificate_file_;
  std::string key_file_;
  std::string state_directory_;
  std::string rooms_;
  std::optional<std::size_t> threads_;
  bool no_priority_ = false;
  std::optional<std::uint16_t> room_mtu_;
  std::optional<std::size_t> max_rooms_;
  std::optional<std::size_t> max_seats_;
};

}  // namespace softlan::apps
