// What the double of the TAP-Windows6 driver and the cable out of it agree on.
//
// The driver has two devices: the card, as the real driver shows it to programs, and beside it \\.\SoftlanCable, the
// other side of the card: the machine's stack. Every read from the cable and every write to it is of whole messages,
// as many as there are and fit: the size of what follows (two bytes, the lower one first), a byte that says what it is,
// and that.
//
//   0 frame   Ethernet frame
//   1 state   media (0 down, 1 up), MAC (6 bytes); from the card only, after each change
#pragma once

namespace softlan::cable {

inline constexpr unsigned char kFrame = 0;
inline constexpr unsigned char kState = 1;
inline constexpr unsigned kStateSize = 7;  // what follows the kind
inline constexpr unsigned kMaxFrame = 1522;
inline constexpr unsigned kSizeBytes = 2;
inline constexpr unsigned kHeader = kSizeBytes + 1;
inline constexpr unsigned kMaxMessage = kHeader + kMaxFrame;

// All of the message at `bytes`; the first kSizeBytes of it are there.
constexpr unsigned message_size(const unsigned char* bytes) { return kSizeBytes + (bytes[0] | bytes[1] << 8u); }

// As CTL_CODE(FILE_DEVICE_UNKNOWN, function, METHOD_BUFFERED, FILE_ANY_ACCESS) makes them.
constexpr unsigned long control_code(unsigned long function) { return 0x22ul << 16 | function << 2; }

// Of the cable's device: the card is restarted, as after a change of its settings; it is removed.
inline constexpr unsigned long kRestart = control_code(0x800);
inline constexpr unsigned long kRemove = control_code(0x801);

}  // namespace softlan::cable
