"""Writes what passes an interface to a pcap file for tcpdump to read.

sniff.py NIC FILE LIMIT [--incoming]

tcpdump itself insists on changing its groups, which a user namespace without privileges does not allow; this needs no
more than a packet socket. VLAN tags the kernel has taken off (packet(7), PACKET_AUXDATA) are put back, and checksums that
it leaves to a card (PACKET_VNET_HDR) are finished as a card does it.
"""

import array
import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA, PACKET_VNET_HDR = 263, 8, 15
VNET_HEADER = struct.Struct("=BBHHHH")  # flags, ..., where the checksum begins and where in it it stands
VNET_NEEDS_CHECKSUM = 1
TP_STATUS_VLAN_VALID = 0x10
LONGEST = 65536 + 18  # of a frame


def whole_frame(frame: bytes, ancillary: list) -> bytes:
    for level, kind, data in ancillary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tag, protocol = struct.unpack("IIIHHHH", data[:20])
            if status & TP_STATUS_VLAN_VALID:
                return frame[:12] + struct.pack("!HH", protocol or 0x8100, tag) + frame[12:]
    return frame


def checksum(data: bytes) -> bytes:
    total = sum(array.array("H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("=H", ~total & 0xFFFF)


def finished(packet: bytes) -> bytes:
    """The frame behind a virtio-net header; the kernel has left the pseudo header's sum in the checksum's place."""
    flags, _, _, _, start, offset = VNET_HEADER.unpack_from(packet)
    frame = packet[VNET_HEADER.size:]
    if not flags & VNET_NEEDS_CHECKSUM:
        return frame
    at = start + offset
    return frame[:at] + checksum(frame[start:]) + frame[at + 2:]


def main(nic: str, path: str, limit: int, incoming: bool) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as tap, open(path, "wb") as file:
        tap.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        tap.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        tap.bind((nic, 0))
        file.write(struct.pack("IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, LONGEST, 1))
        file.flush()
        print("listening on", nic, flush=True)
        while limit > 0:
            frame, ancillary, _, (_, _, kind, _, _) = tap.recvmsg(VNET_HEADER.size + LONGEST, 128)
            if incoming and kind == socket.PACKET_OUTGOING:
                continue
            frame = whole_frame(finished(frame), ancillary)
            now = time.time()
            file.write(struct.pack("IIII", int(now), int(now % 1 * 1e6), len(frame), len(frame)) + frame)
            file.flush()
            limit -= 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), "--incoming" in sys.argv)
