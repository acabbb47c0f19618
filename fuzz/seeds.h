// The named inputs a fuzzer begins with, built from the same encoders and frame builders as the tests.
//
// `write_seeds` writes them to fuzz/corpus; files found by fuzzing and named after a bug lie beside them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace softlan::fuzz {

// By file name.
using Seeds = std::map<std::string, std::vector<std::uint8_t>>;

[[nodiscard]] Seeds overlay_seeds();
[[nodiscard]] Seeds ethernet_seeds();
[[nodiscard]] Seeds lan_seeds();
[[nodiscard]] Seeds offload_seeds();
[[nodiscard]] Seeds coalesce_seeds();
[[nodiscard]] Seeds control_seeds();
[[nodiscard]] Seeds relay_seeds();
[[nodiscard]] Seeds arguments_seeds();
[[nodiscard]] Seeds relay_settings_seeds();
[[nodiscard]] Seeds party_pass_seeds();
[[nodiscard]] Seeds scram_seeds();

}  // namespace softlan::fuzz
