#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "platform/linux/file_descriptor.h"
#include "platform/linux/interface.h"
#include "platform/linux/offload_features.h"
#include "platform/linux/system_error.h"

namespace softlan::platform {

namespace {

constexpr std::string_view kUdpOffloads[] = {"rx-gro-list", "rx-udp-gro-forwarding", "tx-udp-segmentation"};
constexpr std::size_t kMostBlocks = 8;  // of 32 features each
constexpr std::size_t kMostFeatures = kMostBlocks * 32;

// A request that ends in an array of `size` bytes.
template <typename Head, std::size_t size>
class Request {
 public:
  explicit Request(std::uint32_t command) { (*this)->cmd = command; }
  Head* operator->() { return reinterpret_cast<Head*>(bytes_.data()); }
  [[nodiscard]] char* data() { return bytes_.data(); }

 private:
  alignas(Head) std::array<char, sizeof(Head) + size> bytes_{};
};

// One interface's switches, by the classic requests.
class Ethtool {
 public:
  explicit Ethtool(const std::string& interface) : interface_(interface) {}

  // In the order of their bits; empty when the interface cannot be asked.
  [[nodiscard]] std::vector<std::string> names() {
    Request<ethtool_gstrings, kMostFeatures * ETH_GSTRING_LEN> request(ETHTOOL_GSTRINGS);
    request->string_set = ETH_SS_FEATURES;
    if (count() > kMostFeatures || ask(request) < 0) return {};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min<std::size_t>(request->len, kMostFeatures); ++i) {
      const char* name = reinterpret_cast<const char*>(&request->data[i * ETH_GSTRING_LEN]);
      names.emplace_back(name, strnlen(name, ETH_GSTRING_LEN));
    }
    return names;
  }

  [[nodiscard]] bool is_on_and_free(std::size_t bit) {
    Request<ethtool_gfeatures, kMostBlocks * sizeof(ethtool_get_features_block)> request(ETHTOOL_GFEATURES);
    request->size = kMostBlocks;
    if (ask(request) < 0) return false;
    const ethtool_get_features_block& block = request->features[bit / 32];
    return (block.active & block.available & ~block.never_changed & mask(bit)) != 0;
  }

  [[nodiscard]] bool set(std::span<const std::size_t> bits, bool on) {
    Request<ethtool_sfeatures, kMostBlocks * sizeof(ethtool_set_features_block)> request(ETHTOOL_SFEATURES);
    request->size = static_cast<std::uint32_t>((count() + 31) / 32);
    for (const std::size_t bit : bits) {
      request->features[bit / 32].valid |= mask(bit);
      if (on) request->features[bit / 32].requested |= mask(bit);
    }
    return request->size <= kMostBlocks && ask(request) >= 0;
  }

 private:
  static std::uint32_t mask(std::size_t bit) { return std::uint32_t{1} << bit % 32; }

  [[nodiscard]] std::size_t count() {
    Request<ethtool_sset_info, sizeof(std::uint32_t)> request(ETHTOOL_GSSET_INFO);
    request->sset_mask = std::uint64_t{1} << ETH_SS_FEATURES;
    return ask(request) < 0 ? 0 : request->data[0];
  }

  template <typename AnyRequest>
  int ask(AnyRequest& request) {
    ifreq call{};
    std::ranges::copy(interface_, call.ifr_name);
    call.ifr_data = request.data();
    return ioctl(socket_.get(), SIOCETHTOOL, &call);
  }

  const std::string& interface_;
  FileDescriptor socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

}  // namespace

std::string kernel_release() {
  utsname names{};
  return uname(&names) == 0 ? names.release : "";
}

bool loses_udp_super_frames(std::string_view kernel_release) {
  int major = 0;
  int minor = 0;
  const char* end = kernel_release.data() + kernel_release.size();
  const auto [dot, fault] = std::from_chars(kernel_release.data(), end, major);
  if (fault != std::errc{} || dot == end || *dot != '.') return false;
  if (std::from_chars(dot + 1, end, minor).ec != std::errc{}) return false;
  return major < 6 || (major == 6 && minor < 2);
}

std::vector<std::string> active_udp_offloads(const std::string& interface) {
  if (!is_interface_name(interface)) return {};
  Ethtool ethtool(interface);
  const std::vector<std::string> names = ethtool.names();
  std::vector<std::string> active;
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    if (std::ranges::find(kUdpOffloads, names[bit]) != std::end(kUdpOffloads) && ethtool.is_on_and_free(bit))
      active.push_back(names[bit]);
  return active;
}

Result<void> switch_offloads(const std::string& interface, std::span<const std::string> names, bool on) {
  if (!is_interface_name(interface)) return fail("there is no such interface");
  Ethtool ethtool(interface);
  const std::vector<std::string> known = ethtool.names();
  std::vector<std::size_t> bits;
  for (std::size_t bit = 0; bit < known.size(); ++bit)
    if (std::ranges::find(names, known[bit]) != names.end()) bits.push_back(bit);
  if (ethtool.set(bits, on)) return {};
  return fail("cannot switch {} {} on {}: {}", fmt::join(names, ", "), on ? "on" : "off", interface, system_reason());
}

}  // namespace softlan::platform
