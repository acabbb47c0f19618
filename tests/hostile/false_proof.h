// Somebody at a real relay's door without the right to enter, who knows the protocol well.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "auth/scram_client.h"
#include "ctrl/codec.h"
#include "quic/endpoint.h"
#include "runtime/udp_pump.h"
#include "support/bare_member.h"

namespace softlan::test {

// honest          what a member does, to see that the others fail for their lies only
// none            a hello without any proof
// wrong_pass      a proof of another pass
// other_role      asks for the gateway's seat with the proof of a player
// other_mac       asks for one MAC and proves for another
// other_line      a proof made for another connection, as whoever sits between relay and member would hand on
// unasked         the answer before the question
// garbage         no SCRAM message at all
class FalseProof final : private link::LinkOwner {
 public:
  // Borrows `ground` and `pass`; `who` as BareMember has it.
  FalseProof(Ground& ground, const SocketAddress& relay, const session::Config& who, std::string kind);

  // "seated", "rejected CODE: SENTENCE" or "closed: REASON"; empty as long as nothing is decided.
  [[nodiscard]] const std::string& outcome() const { return outcome_; }

 private:
  void on_link_up(TimePoint now, link::Link& link) override;
  void on_link_down(TimePoint now, link::Link& link, const link::LinkEnd& end) override;
  void on_control(TimePoint now, link::Link& link, Bytes bytes) override;
  void on_received(TimePoint, std::span<link::Received>) override {}
  void on_bad_datagram(TimePoint, link::Link&, obs::DropReason) override {}
  void on_budget(TimePoint, link::Link&, std::size_t) override {}

  [[nodiscard]] ctrl::Hello hello(const link::Link& link);
  void answer(link::Link& link, std::string_view challenge);
  void say(link::Link& link, const ctrl::Message& message);

  Ground& ground_;
  session::Config who_;
  std::string kind_;
  auth::SaltedPass pass_;
  std::optional<auth::ScramClient> scram_;
  std::unique_ptr<quic::TlsContext> tls_;
  platform::ReceiveBuffers buffers_;
  runtime::UdpPump pump_;
  quic::Endpoint endpoint_;
  ctrl::Framer framer_;
  std::string outcome_;
};

}  // namespace softlan::test
