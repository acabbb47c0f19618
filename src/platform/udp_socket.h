// The UDP socket of this system. What runtime uses of it has the same shape on both: ReceiveBuffers, Receive,
// SendResult, and of UdpSocket connect(), fd(), local(), receive() and send().
#pragma once

#ifdef _WIN32
#include "platform/windows/udp_socket.h"
#else
#include "platform/linux/udp_socket.h"
#endif
