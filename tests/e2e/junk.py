"""Sends nonsense over UDP: junk.py ADDRESS PORT PACKETS-PER-SECOND SECONDS; says how many packets it sent.

Equal shares of noise; of what begins like a QUIC Initial of version 1 (RFC 9000, section 17.2.2), padded as it has to
be; of short packets for connections that do not exist; of packets of one byte and of none. From several ports.
"""

import itertools
import os
import random
import socket
import struct
import sys
import time

SOCKETS = 8
VARIETIES = 500
TURN = 0.01  # seconds between bursts


def noise() -> bytes:
    return os.urandom(random.randint(1, 1472))


def initial() -> bytes:
    """Well formed up to the protected payload, which is noise."""
    destination, source = os.urandom(random.randint(8, 20)), os.urandom(random.randint(0, 20))
    header = (bytes([0xC0 | random.randrange(16)]) + struct.pack("!I", 1) + bytes([len(destination)]) + destination
              + bytes([len(source)]) + source + b"\0")
    rest = 1200 - len(header) - 2
    return header + struct.pack("!H", 0x4000 | rest) + os.urandom(rest)


def short() -> bytes:
    return bytes([0x40 | random.randrange(64)]) + os.urandom(random.randint(20, 1200))


def tiny() -> bytes:
    return os.urandom(random.randint(0, 1))


def main(address: str, port: int, rate: int, seconds: float) -> None:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(SOCKETS)]
    for one in sockets:
        one.setblocking(False)
    packets = [make() for _ in range(VARIETIES) for make in (noise, initial, short, tiny)]
    pairs = zip(itertools.cycle(sockets), itertools.cycle(packets))
    sent = 0
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        for one, packet in itertools.islice(pairs, max(0, int(passed * rate) - sent)):
            try:
                one.sendto(packet, (address, port))
            except OSError:
                pass  # a full buffer, or somebody says that nobody listens
            sent += 1
        time.sleep(TURN)
    print("sent", sent, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
