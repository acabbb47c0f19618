"""What is measured of one product in one turn. Every function returns figures, or Failure within a bounded time."""

import contextlib
import json
import os
import pathlib
import re
import sys
import time
from dataclasses import dataclass

from lab import Failure, Program
from party import FRIEND, LAN, Party
from products import Product

FIRST_ANSWER = pathlib.Path(__file__).with_name("first_answer.py")
DIRECTIONS = {"up": (), "down": ("-R",)}  # remote to LAN, LAN to remote
CONTROL = "cubic"
PING_EVERY = 0.005  # seconds
SMALL = 100  # bytes of UDP payload
BUFFER = "208K"  # of the sockets at both ends; twice what they have without being asked, and what every kernel allows
SLOWEST, FASTEST = 4_000, 256_000  # packets a second, between which the search looks
LOSS_ALLOWED = 1.0  # percent
PROBE_SECONDS = 1


@dataclass
class Effort:
    """How long to look."""

    idle_pings: int
    tcp_seconds: int
    probes: int
    tries: int  # a probe fails when all of them do: one hiccup of the machine says nothing


FULL = Effort(idle_pings=2000, tcp_seconds=5, probes=7, tries=2)
QUICK = Effort(idle_pings=300, tcp_seconds=3, probes=5, tries=1)


# --- start, round trips -----------------------------------------------------------------------------------------------


def start_to_first_ping(product: Product) -> float:
    """Milliseconds from the start of the client until a ping through it is answered."""
    player = product.party.player
    watcher = player.spawn("first-answer", sys.executable, str(FIRST_ANSWER), product.card,
                           f"{product.address}/{LAN.prefixlen}", FRIEND)
    watcher.wait_for_output("watching")
    begin = time.monotonic()
    product.start_client()
    watcher.wait(30)
    answered = re.search(r"answered ([\d.]+)", watcher.output())
    if not answered:
        raise Failure(f"{product.name}: no ping came through after the client's start")
    return (float(answered[1]) - begin) * 1000


def round_trips(party: Party, count: int) -> list[float]:
    """Milliseconds, of those that were answered."""
    said = party.player.run("ping", "-n", "-c", str(count), "-i", str(PING_EVERY), "-W", "1", FRIEND, check=False,
                            seconds=count * PING_EVERY * 3 + 20)
    times = [float(each) for each in re.findall(r" time=([\d.]+) ms", said)]
    if len(times) < count / 2:
        raise Failure(f"only {len(times)} of {count} pings were answered")
    return times


def percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


# --- iperf3 -----------------------------------------------------------------------------------------------------------


class Iperf:
    """One run between the remote and the LAN host, in the background; end() waits for it and gives what it found."""

    def __init__(self, party: Party, seconds: int, *flags: str):
        self._seconds = seconds
        self._server = party.friend.spawn("iperf3-server", "iperf3", "-s", "-1", "--forceflush", "-B", FRIEND)
        self._server.wait_for_output("Server listening")
        self._client = party.player.spawn("iperf3", "iperf3", "-c", FRIEND, "-J", "-t", str(seconds),
                                          "--connect-timeout", "3000", *flags)

    def end(self) -> dict:
        try:
            self._client.wait(self._seconds + 10)
        finally:
            self._client.stop()
            self._server.stop()
        result = json.loads(self._client.output() or "{}")
        if "error" in result or "end" not in result:
            raise Failure(f"iperf3: {result.get('error', 'no result')}")
        return result["end"]


def bulk(product: Product, direction: str, seconds: int) -> dict[str, float]:
    """One TCP stream with pings beside it, and the processor time the roles took for it."""
    before = {role: cpu_seconds(program) for role, program in product.roles.items()}
    run = Iperf(product.party, seconds, "-C", CONTROL, *DIRECTIONS[direction])
    time.sleep(1)  # slow start is not what is asked for
    pings = round((seconds - 1.5) / PING_EVERY)
    try:
        times = round_trips(product.party, pings)
    finally:
        end = run.end()
    if (control := end["sender_tcp_congestion"]) != CONTROL:
        raise Failure(f"iperf3 sent with {control}, not with {CONTROL}")
    received = end["sum_received"]
    gigabytes = received["bytes"] / 1e9
    figures = {
        f"tcp_{direction}_mbit": received["bits_per_second"] / 1e6,
        f"bulk_{direction}_p50_ms": percentile(times, 50),
        f"bulk_{direction}_p99_ms": percentile(times, 99),
        f"bulk_{direction}_lost_percent": (pings - len(times)) / pings * 100,
    }
    per_gigabyte = {role: (cpu_seconds(program) - before[role]) / gigabytes for role, program in product.roles.items()}
    figures |= {f"cpu_{direction}_{role}_s": figure for role, figure in per_gigabyte.items()}
    return figures | {f"cpu_{direction}_s": sum(per_gigabyte.values())}


def small_packets(party: Party, direction: str, effort: Effort) -> tuple[float, list[dict]]:
    """Packets a second delivered at the highest rate that loses no more than 1 %, and what each probe found."""
    low, high = SLOWEST, FASTEST
    best, probes = 0.0, []
    for _ in range(effort.probes):
        offered = round((low * high) ** 0.5)
        for _ in range(effort.tries):
            probe = _offer(party, direction, offered)
            probes.append(probe)
            if passed := probe["lost_percent"] <= LOSS_ALLOWED:
                break
        if passed:
            best = max(best, probe["delivered"])
            low = offered
        else:
            high = offered
    return best, probes


def _offer(party: Party, direction: str, offered: int) -> dict:
    flags = ("-u", "-l", str(SMALL), "-b", str(offered * SMALL * 8), "-w", BUFFER)
    try:
        total = Iperf(party, PROBE_SECONDS, *flags, *DIRECTIONS[direction]).end()["sum"]
    except Failure as failure:  # its own first packets were lost
        return {"offered": offered, "delivered": 0.0, "lost_percent": 100.0, "failure": str(failure)}
    delivered = (total["packets"] - total["lost_packets"]) / total["seconds"]
    return {"offered": offered, "delivered": round(delivered), "lost_percent": round(total["lost_percent"], 3)}


# --- what a process took ----------------------------------------------------------------------------------------------


def cpu_seconds(program: Program) -> float:
    """User and system time of all threads of its processes; proc(5)."""
    each = [stat.rpartition(")")[2].split() for stat in _each_process(program, "stat")]
    return sum(int(fields[11]) + int(fields[12]) for fields in each) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(program: Program) -> float:
    """Of the largest of its processes: they share pages."""
    statuses = "".join(_each_process(program, "status"))
    return max(int(kilobytes) for kilobytes in re.findall(r"VmRSS:\s+(\d+) kB", statuses)) / 1000


def _each_process(program: Program, file: str) -> list[str]:
    """`file` of the program and of all it started, which is the session it leads."""
    texts = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended
            if os.getsid(int(entry.name)) == program.pid:
                texts.append((entry / file).read_text())
    return texts
