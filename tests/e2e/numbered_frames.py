"""Numbered frames both ways at once: numbered_frames.py call|answer NIC OWN-MAC PEER-MAC COUNT RATE

One program on each machine; who answers begins with the first frame that comes. Each side sends COUNT frames at RATE a
second, each made from its number alone, and compares what comes with what it would have made. They are from the
shortest to the longest, mostly short as those of games are: 350 bytes on average. It ends with one line of JSON: how
many came right, and which or how many did not.
"""

import contextlib
import json
import os
import select
import socket
import struct
import sys
import time

from lab import Host

EXPERIMENT = 0x88B6  # IEEE 802, local experimental ethertype 2
HEADER, NUMBER = 14, struct.Struct("!I")
SHORTEST, LONGEST = 60, 1514
FILLING = bytes(i * 7 % 251 for i in range(2 * LONGEST))
SILENCE = 5.0  # seconds after which nothing more is waited for
BUFFER = 4 << 20
SOL_PACKET, PACKET_STATISTICS = 263, 6
# `unread`: arrived, and this program was too slow for it.
AS_SENT = {"missing": [], "repeated": 0, "overtaken": 0, "wrong": 0, "unread": 0}


def exchange_frames(one: tuple[Host, str], other: tuple[Host, str], count: int, rate: int) -> list[dict]:
    """Between two (host, interface); what each has heard."""
    macs = [host.mac(nic) for host, nic in (one, other)]

    def spawn(side: tuple[Host, str], role: str, own: str, peer: str):
        host, nic = side
        return host.spawn(f"frames-{host.name}", sys.executable, __file__, role, nic, own, peer, str(count), str(rate))

    answering = spawn(other, "answer", macs[1], macs[0])
    answering.wait_for_output("listening")
    programs = [spawn(one, "call", *macs), answering]
    for program in programs:
        program.wait(count / rate + 60)
    return [json.loads(program.tail(1)) for program in programs]


def addresses(destination: str, source: str) -> bytes:
    return bytes.fromhex((destination + source).replace(":", "")) + EXPERIMENT.to_bytes(2, "big")


def frame(addresses: bytes, number: int) -> bytes:
    start = number % LONGEST
    return addresses + NUMBER.pack(number) + FILLING[start:start + length(number) - HEADER - NUMBER.size]


def length(number: int) -> int:
    span = LONGEST - SHORTEST
    return SHORTEST + (number * 131 % (span + 1)) ** 4 // span ** 3


class Heard:
    def __init__(self, addresses: bytes, count: int):
        self._addresses, self._seen = addresses, bytearray(count)
        self._last = -1
        self.right = self.repeated = self.overtaken = self.wrong = 0

    def take(self, data: bytes) -> None:
        number = NUMBER.unpack_from(data, HEADER)[0]
        if number >= len(self._seen) or data != frame(self._addresses, number):
            self.wrong += 1
        elif self._seen[number]:
            self.repeated += 1
        else:
            self._seen[number] = 1
            self.right += 1
            self.overtaken += number < self._last
            self._last = max(self._last, number)

    def is_complete(self) -> bool:
        return self.right == len(self._seen)

    def missing(self) -> list[int]:
        return [number for number, seen in enumerate(self._seen) if not seen]


def exchange(nic: socket.socket, out: bytes, heard: Heard, count: int, rate: int) -> None:
    begin = last = time.monotonic()
    number = 0
    while number < count or (not heard.is_complete() and time.monotonic() - last < SILENCE):
        while number < count and begin + number / rate <= time.monotonic():
            nic.send(frame(out, number))
            number += 1
        due = begin + number / rate if number < count else last + SILENCE
        if select.select([nic], [], [], max(due - time.monotonic(), 0))[0]:
            heard.take(nic.recv(2048))
            last = time.monotonic()


def main(role: str, name: str, own: str, peer: str, count: int, rate: int) -> None:
    heard = Heard(addresses(own, peer), count)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EXPERIMENT)) as nic:
        nic.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        nic.bind((name, EXPERIMENT))
        print("listening", flush=True)
        if role == "answer":
            select.select([nic], [], [])
        exchange(nic, addresses(peer, own), heard, count, rate)
        _, unread = struct.unpack("II", nic.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    print(json.dumps({"right": heard.right, "missing": heard.missing()[:20], "repeated": heard.repeated,
                      "overtaken": heard.overtaken, "wrong": heard.wrong, "unread": unread}))


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(-15)  # the question is what the network loses, not when this program has its turn
    main(*sys.argv[1:5], *map(int, sys.argv[5:]))
