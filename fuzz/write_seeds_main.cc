// write_seeds FOLDER: writes every target's seeds to FOLDER/TARGET/NAME.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz/seeds.h"

namespace {

bool write_all(const std::filesystem::path& folder, const softlan::fuzz::Seeds& seeds) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& [name, bytes] : seeds) {
    std::ofstream file(folder / name, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write %s\n", (folder / name).string().c_str());
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_seeds FOLDER\n");
    return 2;
  }
  using namespace softlan::fuzz;
  const std::filesystem::path folder = argv[1];
  const bool written =
      write_all(folder / "overlay", overlay_seeds()) && write_all(folder / "ethernet", ethernet_seeds()) &&
      write_all(folder / "offload", offload_seeds()) && write_all(folder / "coalesce", coalesce_seeds()) &&
      write_all(folder / "control", control_seeds()) && write_all(folder / "relay", relay_seeds()) &&
      write_all(folder / "arguments", arguments_seeds()) && write_all(folder / "party_pass", party_pass_seeds()) &&
      write_all(folder / "scram", scram_seeds()) && write_all(folder / "relay_settings", relay_settings_seeds()) &&
      write_all(folder / "lan", lan_seeds());
  return written ? 0 : 1;
}
