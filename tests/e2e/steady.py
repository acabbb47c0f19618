"""A steady flow of pings, and how long it fell silent when something happened to it; a game's flow, and how it fared."""

import json
import pathlib
import re
import sys
import time

from lab import Failure, Host, wait_for

GAME = pathlib.Path(__file__).with_name("game.py")
ALIVE = 5  # answers in a row, by time, that make a flow run again


class SteadyPing:
    """`with SteadyPing(host, target) as flow: ...`: a hundred pings a second, begun before and running on meanwhile."""

    def __init__(self, host: Host, target: str, size: int = 56, interval: float = 0.01):
        self._program = host.spawn(f"ping-{size}", "ping", "-n", "-D", "-M", "do", "-s", str(size),
                                   "-i", str(interval), target)

    def answers(self) -> list[tuple[float, int]]:
        """(unix time, sequence number) of every answer so far."""
        found = re.findall(r"(?m)^\[([\d.]+)\] .* icmp_seq=(\d+) ttl=", self._program.output())
        return [(float(when), int(number)) for when, number in found]

    def wait_until_it_runs(self, since: float = 0.0, seconds: float = 15.0) -> None:
        """Until some answers have come after `since` (unix time)."""
        wait_for("the flow of pings to run", lambda: sum(when > since for when, _ in self.answers()) >= ALIVE, seconds)

    def longest_silence(self, since: float) -> float:
        """Seconds, between any two answers; `since` (unix time): from the last answer before it."""
        times = [when for when, _ in self.answers()]
        before = [when for when in times if when <= since]
        after = [when for when in times if when > since]
        if not before or not after:
            raise Failure("the flow of pings did not run before and after what happened to it")
        marks = [before[-1], *after]
        return max(later - earlier for earlier, later in zip(marks, marks[1:]))

    def silence_after(self, moment: float) -> float:
        """Seconds, the longest from `moment` (unix time) on, when the flow may have been silent already."""
        marks = [moment, *(when for when, _ in self.answers() if when > moment)]
        return max((later - earlier for earlier, later in zip(marks, marks[1:])), default=0.0)

    def lost(self) -> int:
        numbers = {number for _, number in self.answers()}
        return max(numbers) - len(numbers) if numbers else 0

    def __enter__(self) -> "SteadyPing":
        self.wait_until_it_runs()
        return self

    def __exit__(self, *_) -> None:
        self._program.stop()


class GameFlow:
    """Sixty-four datagrams a second from `player` to `server`, which sends each back (game.py)."""

    PORT = 27015

    def __init__(self, player: Host, server: Host, address: str, seconds: float):
        self._server = server.spawn("game-server", sys.executable, str(GAME), "echo", address, str(self.PORT))
        self._server.wait_for_output("listening")
        self._player = player.spawn("game", sys.executable, str(GAME), "play", address, str(self.PORT), str(seconds))
        self._seconds = seconds

    def finish(self) -> "GameResult":
        self._player.wait(self._seconds + 10)
        self._server.stop()
        said = json.loads(self._player.output())
        return GameResult(said["sent"], said["numbers"], said["round_trips_ms"])


class GameResult:
    def __init__(self, sent: int, numbers: list[int], round_trips_ms: list[float]):
        self.sent = sent
        self.lost = sent - len(set(numbers))
        self.out_of_order = sum(later < earlier for earlier, later in zip(numbers, numbers[1:]))
        self.round_trips_ms = round_trips_ms


class Table:
    """Figures that belong together, printed when the tests have ended."""

    def __init__(self, title: str):
        self._title = title
        self._rows: list[tuple[str, str]] = []

    def add(self, what: str, figure: str) -> None:
        self._rows.append((what, figure))
        print(f"{what}: {figure}", flush=True)

    def add_time(self, what: str, seconds: float) -> None:
        self.add(what, f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s")

    def print(self) -> None:
        width = max((len(what) for what, _ in self._rows), default=0)
        print(f"\n{self._title}", *(f"  {what:<{width}}  {figure:>10}" for what, figure in self._rows), sep="\n",
              flush=True)


def now() -> float:
    """The clock of SteadyPing."""
    return time.time()
