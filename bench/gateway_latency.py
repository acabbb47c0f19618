#!/usr/bin/env python3
"""What the gateway adds to a frame: from a packet of the tunnel to the LAN's wire, and from the wire to the tunnel.

Pings at a low rate; the kernel's own time stamps of what enters and leaves the gateway's two interfaces, taken by one
observer beside it. Needs what the lab of the tests needs (HACKING.md). Prints a table; takes half a minute.
"""

import argparse
import contextlib
import os
import pathlib
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from lab import enter_private_world  # noqa: E402
from measure import ping_all  # noqa: E402
from party import FRIEND, Party, python  # noqa: E402

PLAYER = "10.77.0.30"
SO_TIMESTAMPNS = 35
INTERVAL = 1 / 64  # seconds: as often as a game
LOOK_EVERY = 0.05  # seconds: an observer that woke for each packet would take the gateway's turn
SMALLEST_WITH_A_PING = 100  # bytes of IP: acknowledgements and keep-alives are shorter


def drain(sockets: Iterable[socket.socket]) -> Iterator[tuple]:
    for tap in sockets:
        with contextlib.suppress(BlockingIOError):
            while True:
                yield tap.recvmsg(2048, 64, socket.MSG_DONTWAIT)


def observe(count: int) -> None:
    """Prints NIC DIRECTION NANOSECONDS for each ping on the LAN and each larger packet of the tunnel."""
    sockets = {}
    for nic in ("wan", "lan"):
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        tap.bind((nic, 0))
        sockets[nic] = tap
    print("ready", flush=True)
    events = []
    pings = 0
    give_up = time.monotonic() + 10 + 2 * count * INTERVAL
    while pings < 2 * count and time.monotonic() < give_up:
        time.sleep(LOOK_EVERY)
        for frame, ancillary, _, address in drain(sockets.values()):
            nic, outgoing = address[0], address[2] == socket.PACKET_OUTGOING
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2][:16])
            protocol = frame[23] if frame[12:14] == b"\x08\x00" else 0
            if nic == "lan" and protocol == 1:
                pings += 1
            elif nic == "lan" or protocol != 17 or len(frame) < SMALLEST_WITH_A_PING:
                continue
            events.append((seconds * 10**9 + nanoseconds, nic, outgoing))
    for when, nic, outgoing in sorted(events):
        print(nic, "out" if outgoing else "in", when)


def delays(text: str) -> tuple[list[float], list[float]]:
    """Microseconds towards the LAN, and towards the room."""
    to_lan, to_room = [], []
    before: dict[str, int] = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) != 3:
            continue
        nic, direction, when = words[0], words[1], int(words[2])
        if direction == "in":
            before[nic] = when
        elif (came := before.pop("wan" if nic == "lan" else "lan", None)) is not None:
            (to_lan if nic == "lan" else to_room).append((when - came) / 1000)
    return to_lan, to_room


@contextlib.contextmanager
def cores_awake() -> Iterator[None]:
    """A virtual core that halts takes as long to wake as a frame takes; something idle on each keeps them from it."""
    spinners = []
    for core in os.sched_getaffinity(0):
        spinner = subprocess.Popen([python(), "-c", "while True: pass"])
        os.sched_setscheduler(spinner.pid, os.SCHED_IDLE, os.sched_param(0))
        os.sched_setaffinity(spinner.pid, {core})
        spinners.append(spinner)
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description="What the gateway adds to a frame at low load.")
    parser.add_argument("--pings", type=int, default=600)
    parser.add_argument("--let-cores-sleep", action="store_true", help="measure what waking them takes as well")
    options = parser.parse_args()
    enter_private_world(as_root=True)
    with contextlib.nullcontext() if options.let_cores_sleep else cores_awake(), Party("gateway-latency") as party:
        party.start_relay()
        party.start_gateway()
        party.start_client()
        party.give_address(party.player, PLAYER)
        ping_all(party.player, FRIEND, 3)
        observer = party.gateway_host.spawn("observer", python(), __file__, "--observe", str(options.pings))
        observer.wait_for_output("ready")
        party.player.run("ping", "-n", "-q", "-c", str(options.pings), "-i", str(INTERVAL), FRIEND, seconds=60)
        observer.wait(20)
        text = observer.output()
    print(f"{'':16}{'frames':>8}{'p50 us':>8}{'p90 us':>8}{'p99 us':>8}")
    for name, figures in zip(("tunnel to LAN", "LAN to tunnel"), delays(text)):
        cuts = statistics.quantiles(figures, n=100)
        print(f"{name:16}{len(figures):>8}{cuts[49]:>8.0f}{cuts[89]:>8.0f}{cuts[98]:>8.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--observe"]:
        observe(int(sys.argv[2]))
    else:
        main()
