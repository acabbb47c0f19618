#!/usr/bin/env python3
"""A game beside a large upload, on a home line: what the upload adds to the game's round trip, and what it loses.

    remote player --[20 Mbit/s, deep buffer]--> relay --> gateway --> LAN host        (bench/README.md, "Mixed traffic")

Needs what the lab of the tests needs (HACKING.md), iperf3 and tc. Prints a table; takes about five minutes.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from lab import enter_private_world  # noqa: E402
from measure import ping_all  # noqa: E402
from party import FRIEND, Party  # noqa: E402
from steady import GameFlow  # noqa: E402

PLAYER = "10.77.0.30"
WARM_UP = 2.0  # seconds of the upload before the game is looked at
ALONE = "alone"
CONTROLS = ("cubic", "bbr")
LOADS = {ALONE: ()} | {f"{count} x {control.upper()}": ("-C", control, "-P", str(count))
                       for control in CONTROLS for count in (4, 1)}
AVAILABLE = pathlib.Path("/proc/sys/net/ipv4/tcp_available_congestion_control")


@dataclass
class Figures:
    """Of one load under one setting, all rounds together."""

    round_trips_ms: list[float] = field(default_factory=list)
    sent: int = 0
    lost: int = 0
    megabits: list[float] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        ordered = sorted(self.round_trips_ms) or [0.0]
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


class Upload:
    """`with Upload(party, flags, seconds): ...`: TCP from the player to the LAN host in the background."""

    def __init__(self, party: Party, flags: tuple[str, ...], seconds: float):
        self._party, self._flags, self._seconds = party, flags, seconds
        self.megabits = 0.0

    def __enter__(self) -> "Upload":
        if self._flags:
            self._server = self._party.friend.spawn("iperf3-server", "iperf3", "-s", "-1", "--forceflush", "-B", FRIEND)
            self._server.wait_for_output("Server listening")
            seconds = str(round(self._seconds))
            self._client = self._party.player.spawn("iperf3", "iperf3", "-c", FRIEND, "-J", "-t", seconds, *self._flags)
        return self

    def __exit__(self, *_) -> None:
        if self._flags:
            self._client.wait(self._seconds + 20)
            self._server.stop()
            result = json.loads(self._client.output())
            self.megabits = result["end"]["sum_received"]["bits_per_second"] / 1e6


def chosen_loads(options: argparse.Namespace) -> list[str]:
    """What the game is measured beside; what the kernel's TCP does not know is left out with a note."""
    wanted = CONTROLS if options.congestion == "both" else (options.congestion,)
    known = AVAILABLE.read_text().split()
    for control in wanted:
        if control not in known:
            print(f"This kernel's TCP has no {control.upper()}, so nothing is measured beside it.", file=sys.stderr)
    return [load for load in options.loads
            if load == ALONE or any(control in LOADS[load] for control in wanted if control in known)]


def lay_line(party: Party, options: argparse.Namespace) -> None:
    # A home router: the rate of the line, and a buffer nobody manages.
    party.player.run("tc", "qdisc", "replace", "dev", "wan", "root", "tbf", "rate", options.line, "burst", "5kb",
                     "latency", f"{options.buffer_ms}ms")
    if options.delay_ms:
        party.relay_host.run("tc", "qdisc", "replace", "dev", "wan", "root", "netem", "delay", f"{options.delay_ms}ms",
                             "limit", "10000")


def measure(party: Party, flags: tuple[str, ...], seconds: float, into: Figures) -> None:
    with Upload(party, flags, seconds + WARM_UP + 2) as upload:
        time.sleep(WARM_UP if flags else 0)
        game = GameFlow(party.player, party.friend, FRIEND, seconds).finish()
    into.round_trips_ms += game.round_trips_ms
    into.sent += game.sent
    into.lost += game.lost
    into.megabits.append(upload.megabits)


def run(party: Party, options: argparse.Namespace) -> dict[str, dict[str, Figures]]:
    settings = {"no limit": ()} | {f"--uplink-limit {rate}": ("--uplink-limit", rate) for rate in options.uplink_limit}
    results = {setting: {load: Figures() for load in options.loads} for setting in settings}
    party.start_relay()
    party.start_gateway()
    party.player.leave_tcp_unpaced()
    lay_line(party, options)
    for number in range(options.rounds):
        for setting, flags in settings.items():
            client = party.start_client(party.player, *flags)
            party.give_address(party.player, PLAYER)
            ping_all(party.player, FRIEND, 5)
            for load in options.loads:
                print(f"round {number + 1}: {setting}, {load}", file=sys.stderr, flush=True)
                measure(party, LOADS[load], options.seconds, results[setting][load])
            client.stop()
    return results


def report(results: dict[str, dict[str, Figures]]) -> None:
    row = "{:24}{:12}{:>8}{:>8}{:>8}{:>8}{:>12}{:>8}"
    print(row.format("", "", "round", "trip", "added", "", "", "upload"))
    print(row.format("client", "beside", "p50 ms", "p99 ms", "p50 ms", "p99 ms", "lost", "Mbit/s"))
    for setting, loads in results.items():
        alone = next(iter(loads.values()))
        for load, figures in loads.items():
            times = [figures.percentile(percent) for percent in (50, 99)]
            added = [figures.percentile(percent) - alone.percentile(percent) for percent in (50, 99)]
            beside = [f"{figure:.1f}" for figure in (*added, statistics.fmean(figures.megabits))]
            cells = beside if figures is not alone else ["", "", ""]
            print(row.format(setting, load, f"{times[0]:.1f}", f"{times[1]:.1f}", cells[0], cells[1],
                             f"{figures.lost} of {figures.sent}", cells[2]))


def main() -> None:
    parser = argparse.ArgumentParser(description="A game beside a large upload on a home line.")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement")
    parser.add_argument("--line", default="20mbit", help="upload of the player's line")
    parser.add_argument("--buffer-ms", type=int, default=200, help="what the router in front of the line holds")
    parser.add_argument("--delay-ms", type=int, default=0, help="added to the round trip between player and relay")
    parser.add_argument("--uplink-limit", nargs="*", default=["19mbit"], help="limits to compare with none")
    parser.add_argument("--congestion", choices=[*CONTROLS, "both"], default="both", help="of the upload's TCP")
    parser.add_argument("--loads", nargs="*", default=list(LOADS), choices=LOADS, help="the first is compared with")
    options = parser.parse_args()
    enter_private_world(as_root=True)
    options.loads = chosen_loads(options)
    with Party("mixed") as party:
        results = run(party, options)
    report(results)


if __name__ == "__main__":
    main()
