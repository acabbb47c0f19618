"""Measuring with real tools: ping, iperf3, tcpdump. Every function runs on a Host and returns figures."""

import json
import pathlib
import re
import sys
import time
from dataclasses import dataclass

from lab import Failure, Host, Program, wait_for

SNIFF = pathlib.Path(__file__).with_name("sniff.py")


@dataclass
class Ping:
    sent: int
    received: int
    average_ms: float


def ping(host: Host, target: str, count: int = 5, size: int | None = None, more: tuple[str, ...] = ()) -> Ping:
    """`size` is the ICMP payload, sent with DF. Failure when nothing comes back at all."""
    flags = ["-M", "do", "-s", str(size)] if size else []
    said = host.run("ping", "-n", "-c", str(count), "-i", "0.2", "-W", "2", *flags, *more, target, check=False)
    counts = re.search(r"(\d+) packets transmitted, (\d+) received", said)
    times = re.search(r"= [\d.]+/([\d.]+)/", said)
    if not counts or not times:
        raise Failure(f"{host.name} gets no answer from {target}" + (f" at {size} bytes with DF" if size else ""))
    return Ping(int(counts[1]), int(counts[2]), float(times[1]))


def ping_all(host: Host, target: str, count: int = 5, size: int | None = None, more: tuple[str, ...] = ()) -> Ping:
    """The same, but every answer counts; the first, which waits for ARP, is asked for beforehand."""
    ping(host, target, 1, more=more)
    result = ping(host, target, count, size, more)
    if result.received < result.sent:
        raise Failure(f"{host.name} gets only {result.received} of {result.sent} answers from {target}")
    return result


@dataclass
class Flow:
    megabits_per_second: float
    lost_percent: float = 0.0
    retransmits: int = 0


def iperf3(server: Host, client: Host, address: str, *flags: str, seconds: int = 3) -> Flow:
    """One run against an iperf3 server on `server`, reached as `address`. `-R`: the server sends."""
    listener = server.spawn("iperf3-server", "iperf3", "-s", "-1", "--forceflush", "-B", address)
    listener.wait_for_output("Server listening")
    said = client.run("iperf3", "-c", address, "-t", str(seconds), "-J", *flags, check=False, seconds=seconds + 20)
    listener.stop()
    result = json.loads(said or "{}")
    if "error" in result or "end" not in result:
        raise Failure(f"iperf3 from {client.name} to {address}: {result.get('error', 'no result')}")
    end = result["end"]
    received = end.get("sum_received") or end["sum"]
    return Flow(received["bits_per_second"] / 1e6, end.get("sum", {}).get("lost_percent", 0.0),
                end.get("sum_sent", {}).get("retransmits", 0))


class Capture:
    """What passes one interface, as tcpdump -vv tells it.

    `with Capture(host, "eth0", "arp") as seen: ...`, then seen.packets(). `incoming`: only what the interface receives.
    """

    _count = 0

    def __init__(self, host: Host, nic: str, expression: str, incoming: bool = False, limit: int = 20000):
        Capture._count += 1
        name = f"capture-{Capture._count}"
        self.file = host.lab.logs / f"{name}.pcap"
        self._host, self._expression = host, expression
        self._program: Program = host.spawn(name, sys.executable, str(SNIFF), nic, str(self.file), str(limit),
                                            *(["--incoming"] if incoming else []))
        self._program.wait_for_output("listening on")

    def packets(self) -> list[str]:
        """One text per packet, its continuation lines included."""
        said = self._host.run(*_tcpdump(), "-r", str(self.file), "-nn", "-e", "-vv", self._expression, check=False)
        found: list[str] = []
        for line in said.splitlines():
            if line[:1].isspace():
                found[-1] += line
            else:
                found.append(line)
        return found

    def wait_for_packet(self, what: str, seconds: float = 5.0) -> str:
        return wait_for(what, self.packets, seconds)[0]

    def stop(self) -> None:
        time.sleep(0.2)  # what is in the socket still comes out
        self._program.stop()

    def __enter__(self) -> "Capture":
        return self

    def __exit__(self, *_) -> None:
        self.stop()


def _tcpdump() -> list[str]:
    # Run by root it changes its groups; where that is not allowed it has to be somebody else.
    if pathlib.Path("/proc/self/setgroups").read_text().strip() == "deny":
        return ["unshare", "--user", "--map-user=1000", "tcpdump"]
    return ["tcpdump", "-Z", "root"]
