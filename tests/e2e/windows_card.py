"""The machine's side of the driver's double: a TAP with the MAC and the carrier the double has, as if it were that card.

windows_card.py TAP PORT: the cable out of the double (tests/windows/card/cable.cc) connects to 127.0.0.1:PORT.
"""

import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

FRAME, STATE = 0, 1
TUNSETIFF, TUNSETCARRIER = 0x400454CA, 0x400454E2
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
AT_ONCE = 16


def ip(*words: str) -> None:
    subprocess.run(["ip", "link", "set", "dev", *words], check=True)


class Card:
    def __init__(self, name: str):
        self.name, self.state = name, b""
        self.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tap, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TAP | IFF_NO_PI))
        self.plug(False)

    def plug(self, on: bool) -> None:
        fcntl.ioctl(self.tap, TUNSETCARRIER, struct.pack("i", on))

    def take_on(self, state: bytes) -> None:
        """The double's media and MAC."""
        if state == self.state:
            return
        self.state = state
        ip(self.name, "address", state[1:].hex(":"), "up")
        self.plug(bool(state[0]))
        print("media", "up" if state[0] else "down", state[1:].hex(":"), flush=True)

    def hear(self, message: bytes) -> None:
        if message[0] == STATE:
            self.take_on(message[1:])
        else:
            os.write(self.tap, message[1:])

    def frames(self):
        """What there is to read now."""
        for _ in range(AT_ONCE):
            try:
                yield os.read(self.tap, 2048)
            except BlockingIOError:
                return


def whole_messages(received: bytearray):
    """Takes them off its beginning."""
    while len(received) >= 2 and len(received) >= 2 + (size := int.from_bytes(received[:2], "little")):
        yield bytes(received[2:2 + size])
        del received[:2 + size]


def main() -> None:
    name, port = sys.argv[1], int(sys.argv[2])
    card = Card(name)
    ip(name, "txqueuelen", "10000")
    with socket.create_server(("127.0.0.1", port)) as server:
        print("waiting", flush=True)
        cable, _ = server.accept()
    cable.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    received = bytearray()
    while True:
        readable, _, _ = select.select([cable, card.tap], [], [])
        if cable in readable:
            received += cable.recv(1 << 16) or sys.exit("unplugged")
            for message in whole_messages(received):
                card.hear(message)
        if card.tap in readable:
            cable.sendall(b"".join((1 + len(f)).to_bytes(2, "little") + bytes([FRAME]) + f for f in card.frames()))


if __name__ == "__main__":
    main()
