#include "base/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace softlan {

namespace {

// A whole number in plain digits, none but the digits of `text`, without a leading zero.
std::optional<std::uint32_t> parse_decimal(std::string_view text, std::uint32_t max) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return {};
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return {};
  return value;
}

bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    const auto octet = parse_decimal(text.substr(0, dot), 255);
    if (!octet) return false;
    out[i] = static_cast<std::uint8_t>(*octet);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return true;
}

// The bytes on one side of "::", or of a whole address without one.
struct V6Side {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t size = 0;
};

// Groups of one to four hex digits between single colons; a dotted quad may stand last when `may_end_in_v4`.
std::optional<V6Side> parse_groups(std::string_view text, bool may_end_in_v4) {
  V6Side side;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (last && may_end_in_v4 && group.find('.') != std::string_view::npos) {
      if (side.size > 12 || !parse_v4(group, &side.bytes[side.size])) return {};
      side.size += 4;
      return side;
    }
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
    const bool whole = error == std::errc{} && end == group.data() + group.size() && group.size() <= 4;
    if (!whole || side.size > 14) return {};
    side.bytes[side.size++] = static_cast<std::uint8_t>(value >> 8);
    side.bytes[side.size++] = static_cast<std::uint8_t>(value);
    if (last) return side;
    text.remove_prefix(colon + 1);
    if (text.empty()) return {};
  }
  return side;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  IpAddress ip{IpAddress::Family::v6, {}};
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto all = parse_groups(text, true);
    if (!all || all->size != 16) return {};
    ip.bytes = all->bytes;
    return ip;
  }
  const auto head = parse_groups(text.substr(0, gap), false);
  const auto tail = parse_groups(text.substr(gap + 2), true);
  if (!head || !tail || head->size + tail->size > 14) return {};
  std::copy_n(head->bytes.begin(), head->size, ip.bytes.begin());
  std::copy_n(tail->bytes.begin(), tail->size, ip.bytes.end() - static_cast<std::ptrdiff_t>(tail->size));
  return ip;
}

std::string v4_to_string(const std::uint8_t* b) { return fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]); }

bool is_v4_mapped(const IpAddress& ip) {
  return std::all_of(ip.bytes.begin(), ip.bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
         ip.bytes[10] == 0xff && ip.bytes[11] == 0xff;
}

// RFC 5952, section 4: lower case, no leading zeros, the first longest run of two or more zero groups as "::".
std::string v6_to_string(const IpAddress& ip) {
  if (is_v4_mapped(ip)) return "::ffff:" + v4_to_string(&ip.bytes[12]);

  const auto group = [&ip](std::size_t i) { return (ip.bytes[2 * i] << 8) | ip.bytes[2 * i + 1]; };
  std::size_t gap = 8;
  std::size_t gap_size = 1;
  for (std::size_t begin = 0; begin < 8; ++begin) {
    std::size_t end = begin;
    while (end < 8 && group(end) == 0) ++end;
    if (end - begin > gap_size) gap = begin, gap_size = end - begin;
  }

  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    fmt::format_to(std::back_inserter(text), "{:x}", group(i));
  }
  return text;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
}

// Only digits and dots: meant as an IPv4 address, so it has to be one.
bool looks_like_v4(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  IpAddress ip{IpAddress::Family::v4, {}};
  if (!parse_v4(text, ip.bytes.data())) return {};
  return ip;
}

std::string to_string(const IpAddress& ip) {
  if (ip.family == IpAddress::Family::v4) return v4_to_string(ip.bytes.data());
  if (ip.family == IpAddress::Family::v6) return v6_to_string(ip);
  return "none";
}

std::string to_string(const SocketAddress& address) {
  const std::string ip = to_string(address.ip);
  if (address.ip.family == IpAddress::Family::v6) return fmt::format("[{}]:{}", ip, address.port);
  return fmt::format("{}:{}", ip, address.port);
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto port = parse_decimal(text.substr(colon + 1), 65535);
  if (!port || *port == 0) return {};

  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos || !parse_ip(host)) return {};
  } else if (!is_host_name(host) || (looks_like_v4(host) && !parse_ip(host))) {
    return {};
  }
  return HostPort{std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace softlan
