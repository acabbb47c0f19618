// A link for tests of the cores above: keeps what was asked of it, in order, and has whatever numbers a test gives it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "ctrl/codec.h"
#include "link/link.h"

namespace softlan::link::test {

struct SentFrame {
  PeerId sender = kRelayPeer;
  std::vector<std::uint8_t> bytes;
};
struct SentEcho {
  PeerId sender = kRelayPeer;
  proto::Echo echo;
};
struct SentClose {
  CloseCode code = CloseCode::leave;
  std::string reason;
};
using Sent = std::variant<ctrl::Message, SentFrame, SentEcho, SentClose>;

class FakeLink final : public Link {
 public:
  explicit FakeLink(std::uint8_t identity, SocketAddress address = {}) : address_(address) {
    identity_.bytes.fill(identity);
  }

  void send_frame(TimePoint, PeerId sender, FrameRef frame) override {
    const Bytes bytes = frame.bytes();
    sent_.push_back(SentFrame{sender, {bytes.begin(), bytes.end()}});
  }
  void send_echo(TimePoint, PeerId sender, const proto::Echo& echo) override {
    sent_.push_back(SentEcho{sender, echo});
  }
  bool send_control(Bytes bytes) override {
    if (!reads_control) return false;
    framer_.append(bytes);
    for (auto json = framer_.next().value(); json; json = framer_.next().value()) {
      sent_.push_back(ctrl::decode(*json).value());
    }
    return true;
  }
  void close(CloseCode code, std::string_view reason) override {
    sent_.push_back(SentClose{code, std::string(reason)});
  }

  void set_keep_alive(Duration silence) override { keep_alive = silence; }

  const Fingerprint& peer_identity() const override { return identity_; }
  const ChannelBinding& channel_binding() const override { return binding; }
  SocketAddress peer_address() const override { return address_; }
  LinkStats stats() const override { return present_stats; }
  const obs::Counters& counters() const override { return present_counters; }

  // Everything asked of the link so far.
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  // What has been asked since the last call.
  std::vector<Sent> take() { return std::exchange(sent_, {}); }

  // Those of one kind, in order: SentFrame, SentEcho, SentClose, or a control message.
  template <typename T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const Sent& item : sent_) {
      if (const T* wanted = as<T>(item)) found.push_back(*wanted);
    }
    return found;
  }
  // Null when `item` is something else.
  template <typename T>
  [[nodiscard]] static const T* as(const Sent& item) {
    if constexpr (std::is_constructible_v<ctrl::Message, T>) {
      const auto* message = std::get_if<ctrl::Message>(&item);
      return message ? std::get_if<T>(message) : nullptr;
    } else {
      return std::get_if<T>(&item);
    }
  }

  bool reads_control = true;           // false: the peer has left too much unread
  std::optional<Duration> keep_alive;  // as set by the core
  ChannelBinding binding{};
  LinkStats present_stats;
  obs::Counters present_counters;

 private:
  Fingerprint identity_;
  SocketAddress address_;
  ctrl::Framer framer_;
  std::vector<Sent> sent_;
};

// The code it was closed with, or nothing while it is open.
inline std::optional<CloseCode> closed_with(const FakeLink& link) {
  const auto closes = link.all<SentClose>();
  return closes.empty() ? std::nullopt : std::optional(closes.front().code);
}

}  // namespace softlan::link::test
