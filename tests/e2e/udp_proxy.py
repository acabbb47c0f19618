"""A bad piece of internet between a member and its relay: a UDP proxy that does what it is told while it runs.

udp_proxy.py LISTEN TARGET COMMANDS (ADDRESS:PORT twice, IPv4; COMMANDS is a named pipe). One command per line:

    rebind            a NAT that forgets: new source ports towards the target, the old ones are closed
    limit BYTES       longer UDP payloads vanish without a word; 0: none do
    loss PERCENT      of the packets, at random
    delay MILLISECONDS  each way
    down, up          nothing passes; everything does
    longer BYTES      says how many longer payloads have passed each way since this was asked last

Each is answered by a line once it holds. Every sender gets a source port of its own, as behind a NAT.
"""

import collections
import dataclasses
import heapq
import itertools
import os
import pathlib
import random
import re
import select
import socket
import sys
import time

BUFFER = 4 << 20
BATCH = 64  # packets from one socket before the others have their turn


class UdpProxy:
    """The test's end of a proxy: starts it on `host` (a lab.Host with `address`) and gives it its commands."""

    def __init__(self, host, address: str, target: str, port: int):
        self.address = f"{address}:{port}"
        self._pipe: pathlib.Path = host.lab.logs / "udp_proxy.commands"
        os.mkfifo(self._pipe)
        self._program = host.spawn("udp_proxy", sys.executable, __file__, self.address, f"{target}:{port}",
                                   str(self._pipe))
        self._program.wait_for_output("^ready")
        self._count = itertools.count(1)

    def tell(self, command: str) -> str:
        """Returns what the proxy answers: the command holds from then on."""
        number = next(self._count)
        self._pipe.write_text(command + "\n")
        return self._program.wait_for_output(rf"(?m)^{number}: (.*)$")[1]

    def longer(self, size: int) -> tuple[int, int]:
        """How many longer payloads have passed (to the target, back) since this was asked last."""
        there, back = re.findall(r"\d+", self.tell(f"longer {size}"))
        return int(there), int(back)


def open_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return opened


@dataclasses.dataclass
class Path:
    limit: int = 0
    loss: float = 0
    delay: float = 0
    is_up: bool = True

    def carries(self, packet: bytes) -> bool:
        return (self.is_up and not 0 < self.limit < len(packet)
                and not (self.loss and random.random() * 100 < self.loss))


class _Proxy:
    def __init__(self, listen: tuple[str, int], target: tuple[str, int], commands: str):
        self._inside = open_socket()
        self._inside.bind(listen)
        self._target = target
        self._commands = os.open(commands, os.O_RDWR | os.O_NONBLOCK)  # O_RDWR: no end of file between writers
        self._command_count = 0
        self._path = Path()
        self._outside: dict[tuple[str, int], socket.socket] = {}  # by the sender's address
        self._passed = (collections.Counter(), collections.Counter())  # by size: to the target, back
        self._delayed: list = []  # heap of (due, number, address inside, packet, is_back)
        self._numbers = itertools.count()

    def run(self) -> None:
        print("ready", flush=True)
        while True:
            senders = {outside: sender for sender, outside in self._outside.items()}
            readable, _, _ = select.select([self._inside, self._commands, *senders], [], [], self._patience())
            for source in readable:
                if source is self._commands:
                    self._obey()
                elif source is self._inside or source.fileno() >= 0:
                    self._read(source, senders.get(source))
            while self._delayed and self._delayed[0][0] <= time.monotonic():
                self._pass_on(*heapq.heappop(self._delayed)[2:])

    def _patience(self) -> float | None:
        return max(0, self._delayed[0][0] - time.monotonic()) if self._delayed else None

    def _read(self, source: socket.socket, sender: tuple[str, int] | None) -> None:
        for _ in range(BATCH):
            try:
                packet, origin = source.recvfrom(65535)
            except BlockingIOError:
                return
            except ConnectionError:
                continue
            if not self._path.carries(packet):
                continue
            one = (sender or origin, packet, sender is not None)
            if self._path.delay:
                heapq.heappush(self._delayed, (time.monotonic() + self._path.delay, next(self._numbers), *one))
            else:
                self._pass_on(*one)

    def _pass_on(self, sender: tuple[str, int], packet: bytes, is_back: bool) -> None:
        self._passed[is_back][len(packet)] += 1
        try:
            if is_back:
                self._inside.sendto(packet, sender)
            else:
                self._outside_of(sender).send(packet)
        except OSError:
            pass  # lost, as packets are

    def _outside_of(self, sender: tuple[str, int]) -> socket.socket:
        if sender not in self._outside:
            self._outside[sender] = open_socket()
            self._outside[sender].connect(self._target)
        return self._outside[sender]

    def _obey(self) -> None:
        for line in os.read(self._commands, 4096).decode().splitlines():
            self._command_count += 1
            print(f"{self._command_count}: {self._do(*line.split()) or line}", flush=True)

    def _do(self, verb: str, value: str = "0") -> str | None:
        if verb == "rebind":
            old, self._outside = self._outside, {}
            kept = [self._outside_of(sender) for sender in old]  # before closing: the ports do differ
            for outside in old.values():
                outside.close()
            return f"{len(kept)} new source ports"
        if verb == "limit":
            self._path.limit = int(value)
        elif verb == "loss":
            self._path.loss = float(value)
        elif verb == "delay":
            self._path.delay = float(value) / 1000
        elif verb in ("down", "up"):
            self._path.is_up = verb == "up"
        elif verb == "longer":
            there, back = (sum(count for size, count in sizes.items() if size > int(value)) for sizes in self._passed)
            for sizes in self._passed:
                sizes.clear()
            return f"{there} there, {back} back"
        else:
            return f"not understood: {verb}"
        return None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    _Proxy(_address(sys.argv[1]), _address(sys.argv[2]), sys.argv[3]).run()
