// Keys of the packets that frames travel in, those with a short header (RFC 9001, section 5).
//
// Where the cipher is AES-128-GCM and AesGcm has it, packets are sealed and opened there. Handshakes, other ciphers and
// header protection are GnuTLS's business, through ngtcp2's glue.
#pragma once

#include <ngtcp2/ngtcp2.h>

struct gnutls_session_int;

namespace softlan::quic {

// For a session that ngtcp2 has configured: its application secrets become keys here.
void take_packet_keys(gnutls_session_int* session);

// Sets the callbacks that use, change and delete keys.
void use_packet_keys(ngtcp2_callbacks& callbacks);

}  // namespace softlan::quic
