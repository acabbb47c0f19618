#include "runtime/offload_guard.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/files.h"
#include "platform/linux/offload_features.h"

namespace softlan::runtime {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileSize = 4096;

struct Journal {
  std::string interface;
  std::vector<std::string> offloads;
};

// Empty when there is no such file, or none that can be read.
Journal load(const std::string& file) {
  if (!platform::file_exists(file)) return {};
  const auto text = platform::read_file(file, kMaxFileSize);
  const json entry = text ? json::parse(*text, nullptr, false) : json();
  if (!entry.is_object()) return {};
  Journal journal;
  if (const auto name = entry.find("interface"); name != entry.end() && name->is_string()) journal.interface = *name;
  if (const auto names = entry.find("offloads"); names != entry.end() && names->is_array()) {
    for (const json& name : *names)
      if (name.is_string()) journal.offloads.push_back(name);
  }
  return journal;
}

Result<void> save(const std::string& file, const Journal& journal) {
  return platform::write_private_file(
      file, json{{"interface", journal.interface}, {"offloads", journal.offloads}}.dump() + "\n");
}

}  // namespace

OffloadGuard::OffloadGuard(std::string file, std::string kernel, obs::Log& log)
    : file_(std::move(file)), kernel_(std::move(kernel)), log_(log) {
  restore();
}

void OffloadGuard::protect(const std::string& interface) {
  if (!platform::loses_udp_super_frames(kernel_)) return;
  if (const auto off = switch_off(interface); !off)
    log_.warn("large UDP transfers may lose packets", {{"reason", off.error().message}});
}

Result<void> OffloadGuard::switch_off(const std::string& interface) {
  Journal journal{.interface = interface, .offloads = platform::active_udp_offloads(interface)};
  if (journal.offloads.empty()) return {};
  if (auto saved = save(file_, journal); !saved) return saved;
  return platform::switch_offloads(interface, journal.offloads, false);
}

void OffloadGuard::restore() {
  const Journal journal = load(file_);
  if (!journal.offloads.empty()) {
    const auto on = platform::switch_offloads(journal.interface, journal.offloads, true);
    if (!on) log_.warn("offloads not put back", {{"reason", on.error().message}});
  }
  std::remove(file_.c_str());
}

}  // namespace softlan::runtime
