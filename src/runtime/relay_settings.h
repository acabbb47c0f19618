// relay.toml: what an operator decides about a relay and its rooms. docs/relay-config.md has every key.
//
// Every mistake is one sentence: where it is ("relay.toml:3:1: "), what is wrong and what to do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "relay/config.h"
#include "relay/door.h"
#include "runtime/moment.h"

namespace softlan::runtime {

inline constexpr std::size_t kMaxThreads = 64;

struct RelaySettings {
  std::vector<std::string> listen{"443/udp"};  // each as listen_address.h takes it
  std::vector<std::string> server_names;       // besides the one every relay has
  std::string certificate_file;                // with `key_file`, or both empty: a self-signed one
  std::string key_file;
  std::string state_directory;  // empty: the usual one
  std::size_t threads = 0;      // workers that rooms are spread over, at most kMaxThreads; 0: as many as processors
  bool priority = true;         // workers go before the machine's other work
  relay::Entry entry = relay::Entry::open;
  relay::RelayConfig relay;
  relay::PassesByRoom passes;
};

// `path` is what mistakes name; by `moment` dates in the file become times of the cores.
[[nodiscard]] Result<RelaySettings> parse_relay_settings(std::string_view text, const std::string& path,
                                                         const Moment& moment);
[[nodiscard]] Result<RelaySettings> load_relay_settings(const std::string& path, const Moment& moment);

// What is wrong with a value, as a flag or in the file, as a sentence; empty when all is well.
[[nodiscard]] std::string listen_problem(const std::string& text);
[[nodiscard]] std::string server_name_problem(const std::string& text);
[[nodiscard]] std::string entry_problem(const std::string& text);

// "open", "listed" or "passless"; nothing when it is none of them.
[[nodiscard]] std::optional<relay::Entry> parse_entry(std::string_view text);

}  // namespace softlan::runtime
