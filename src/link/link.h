// The seam between a core and its transport: what a core may ask of one connection, and what it is told.
//
// A Link is one QUIC connection as the relay or a session sees it: whole Ethernet frames and echoes over datagrams,
// bytes over the control stream, a verified identity. Queueing, fragmentation and reassembly lie below it
// (link/leg.h). Nothing here re-enters: sends are queued, events are delivered after a batch has been read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "base/frame_pool.h"
#include "base/ids.h"
#include "base/time.h"
#include "obs/counters.h"
#include "proto/overlay.h"

namespace softlan::link {

// SHA-256 of the peer's SubjectPublicKeyInfo: who it is.
struct Fingerprint {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Fingerprint&) const = default;
};

// What both ends of a TLS connection, and nobody else, agree on (RFC 9266): a proof bound to it is worth something on
// this connection only.
using ChannelBinding = std::array<std::uint8_t, 32>;

// Application error codes of CONNECTION_CLOSE (docs/PROTOCOL.md, "Closing").
enum class CloseCode : std::uint64_t {
  leave = 0,           // a clean goodbye
  rejected = 1,        // a reject message said why
  protocol_error = 2,  // malformed control message, too many bad datagrams
  replaced = 3,        // the same identity came back on another connection
  timeout = 4,         // no hello in time
  shutting_down = 5,   // the relay or the member ends
  too_slow = 6,        // the control stream was not read
};

struct LinkStats {
  Duration rtt{};                   // smoothed, of this leg
  std::size_t budget = 0;           // bytes one datagram may hold now
  std::size_t queued_bytes = 0;     // frames that wait for their turn
  TimePoint queued_since = kNever;  // the oldest of them; kNever: none waits
  std::uint64_t packets_lost = 0;
  std::uint64_t bytes_sent = 0;  // UDP payload
  std::uint64_t bytes_received = 0;
};

class Link {
 public:
  virtual ~Link() = default;

  // Queues one Ethernet frame, to be stamped `sender`. Never blocks; the queue drops its oldest when full.
  virtual void send_frame(TimePoint now, PeerId sender, FrameRef frame) = 0;
  // Queues an echo ahead of frames.
  virtual void send_echo(TimePoint now, PeerId sender, const proto::Echo& echo) = 0;
  // Queues bytes of the control stream; false when the peer has left more than 256 KiB unread (close it).
  [[nodiscard]] virtual bool send_control(Bytes bytes) = 0;
  // Says goodbye after what was queued on the control stream has been offered once; no event follows.
  virtual void close(CloseCode code, std::string_view reason) = 0;
  // After this much silence of ours a PING is sent.
  virtual void set_keep_alive(Duration silence) = 0;

  [[nodiscard]] virtual const Fingerprint& peer_identity() const = 0;
  [[nodiscard]] virtual const ChannelBinding& channel_binding() const = 0;
  [[nodiscard]] virtual SocketAddress peer_address() const = 0;
  [[nodiscard]] virtual LinkStats stats() const = 0;
  [[nodiscard]] virtual const obs::Counters& counters() const = 0;

  // Free for the core above: its own record of this link.
  void* context = nullptr;
};

// One whole frame or echo that came in.
struct Received {
  Link* from = nullptr;
  PeerId sender = kRelayPeer;  // as stamped on the wire: meaningful to members, ignored by the relay
  bool is_echo = false;
  FrameRef frame;    // when !is_echo; 14 to kMaxFrameSize bytes
  proto::Echo echo;  // when is_echo
};

// What ended a link that nobody here closed.
enum class LinkFault : std::uint8_t {
  closed_by_peer,  // with a CloseCode of ours
  timeout,         // handshake not answered, or silence for the idle timeout
  unreachable,     // the network says nobody listens there
  reset,           // the peer has forgotten this connection (stateless reset)
  untrusted,       // certificate not issued or pinned by whom we trust
  wrong_name,      // certificate is for another name
  wrong_protocol,  // no common ALPN or QUIC version: not a relay of ours
  no_datagrams,    // the peer does not take QUIC datagrams
  transport,       // any other QUIC or TLS error, in `reason`
};

// Why a link ended, in words for a log or a user.
struct LinkEnd {
  LinkFault fault = LinkFault::transport;
  std::uint64_t code = 0;  // CloseCode when closed_by_peer
  std::string reason;      // already printable
};

// Whoever owns links: relay::Relay, session::Session.
class LinkOwner {
 public:
  virtual ~LinkOwner() = default;
  // TLS is done and the peer's identity known.
  virtual void on_link_up(TimePoint now, Link& link) = 0;
  // The link is gone and must not be used again. Not called after Link::close().
  virtual void on_link_down(TimePoint now, Link& link, const LinkEnd& end) = 0;
  // Bytes of the control stream, in order, at any boundary.
  virtual void on_control(TimePoint now, Link& link, Bytes bytes) = 0;
  // Everything one batch of packets brought, in order of arrival, possibly from many links.
  virtual void on_received(TimePoint now, std::span<Received> received) = 0;
  // A datagram that could not be read (counted already); `reason` says how.
  virtual void on_bad_datagram(TimePoint now, Link& link, obs::DropReason reason) = 0;
  // Bytes one datagram may hold have changed.
  virtual void on_budget(TimePoint now, Link& link, std::size_t budget) = 0;
};

}  // namespace softlan::link
