"""Sends frames with VLAN tags: tagged.py NIC DESTINATION-MAC TAGS SIZE COUNT (SIZE without the frame check sequence)."""

import socket
import struct
import sys

VLAN, LOCAL_EXPERIMENT = 0x8100, 0x88B6


def frame(destination: bytes, source: bytes, tags: int, size: int) -> bytes:
    header = destination + source + struct.pack("!HH", VLAN, 7) * tags + struct.pack("!H", LOCAL_EXPERIMENT)
    return header + bytes(i % 251 for i in range(size - len(header)))


def main(nic: str, destination: str, tags: int, size: int, count: int) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((nic, 0))
        source = out.getsockname()[4]
        for _ in range(count):
            out.send(frame(bytes.fromhex(destination.replace(":", "")), source, tags, size))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
