// A link for tests: keeps what the core above asked of it, in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ctrl/codec.h"
#include "link/link.h"

namespace softlan::relay::test {

struct SentFrame {
  PeerId sender = kRelayPeer;
  std::vector<std::uint8_t> bytes;
};
struct SentEcho {
  PeerId sender = kRelayPeer;
  proto::Echo echo;
};
struct SentClose {
  link::CloseCode code = link::CloseCode::leave;
  std::string reason;
};
using Sent = std::variant<ctrl::Message, SentFrame, SentEcho, SentClose>;

class FakeLink final : public link::Link {
 public:
  explicit FakeLink(std::uint8_t identity) { identity_.bytes.fill(identity); }

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
  void close(link::CloseCode code, std::string_view reason) override {
    sent_.push_back(SentClose{code, std::string(reason)});
  }

  const link::Fingerprint& peer_identity() const override { return identity_; }
  SocketAddress peer_address() const override { return {}; }
  link::LinkStats stats() const override { return {}; }
  const obs::Counters& counters() const override { return counters_; }

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

  bool reads_control = true;  // false: the peer has left too much unread

 private:
  link::Fingerprint identity_;
  obs::Counters counters_;
  ctrl::Framer framer_;
  std::vector<Sent> sent_;
};

}  // namespace softlan::relay::test
