"""Medians of the turns, and softlan's ratio to the best encrypting peer."""

import statistics
from dataclasses import dataclass

OURS = "softlan"


@dataclass(frozen=True)
class Measure:
    key: str
    title: str
    unit: str
    less_is_better: bool
    digits: int  # behind the point
    chart: str = ""  # the chart it is in, and what it is called there
    series: str = ""


MEASURES = [
    Measure("idle_p50_ms", "idle round trip, p50", "ms", True, 3, "idle", "p50"),
    Measure("idle_p99_ms", "idle round trip, p99", "ms", True, 3, "idle", "p99"),
    Measure("tcp_up_mbit", "TCP, remote to LAN", "Mbit/s", False, 0, "tcp", "remote to LAN"),
    Measure("tcp_down_mbit", "TCP, LAN to remote", "Mbit/s", False, 0, "tcp", "LAN to remote"),
    Measure("bulk_up_p50_ms", "round trip beside TCP to LAN, p50", "ms", True, 2),
    Measure("bulk_up_p99_ms", "round trip beside TCP to LAN, p99", "ms", True, 2, "bulk", "TCP remote to LAN"),
    Measure("bulk_up_lost_percent", "pings lost beside TCP to LAN", "%", True, 1),
    Measure("bulk_down_p50_ms", "round trip beside TCP to remote, p50", "ms", True, 2),
    Measure("bulk_down_p99_ms", "round trip beside TCP to remote, p99", "ms", True, 2, "bulk", "TCP LAN to remote"),
    Measure("bulk_down_lost_percent", "pings lost beside TCP to remote", "%", True, 1),
    Measure("packets_up", "100-byte UDP, remote to LAN", "packets/s", False, 0, "packets", "remote to LAN"),
    Measure("packets_down", "100-byte UDP, LAN to remote", "packets/s", False, 0, "packets", "LAN to remote"),
    Measure("cpu_up_s", "processor time, TCP to LAN", "s/GB", True, 1, "cpu", "TCP remote to LAN"),
    Measure("cpu_down_s", "processor time, TCP to remote", "s/GB", True, 1, "cpu", "TCP LAN to remote"),
    Measure("relay_rss_mb", "relay, resident memory", "MB", True, 1, "memory", "relay"),
    Measure("start_ms", "client start to first ping", "ms", True, 0, "start", "client"),
]
ROLES = ("remote", "relay", "gateway")


class Comparison:
    """Reads the JSON that a run writes: machine, options, products with their turns, skipped."""

    def __init__(self, data: dict):
        self.data = data
        self.names = list(data["products"])

    def median(self, name: str, key: str) -> float | None:
        values = [turn[key] for turn in self.data["products"][name]["turns"] if key in turn]
        return statistics.median(values) if values else None

    def spread(self, name: str, key: str) -> tuple[float, float] | None:
        """Lowest and highest of the turns."""
        values = [turn[key] for turn in self.data["products"][name]["turns"] if key in turn]
        return (min(values), max(values)) if values else None

    def peers(self) -> list[str]:
        """The encrypting ones but ours."""
        return [name for name in self.names if name != OURS and self.data["products"][name]["encrypts"]]

    def best_peer(self, measure: Measure) -> str | None:
        medians = {name: self.median(name, measure.key) for name in self.peers()}
        figures = {name: figure for name, figure in medians.items() if figure is not None}
        if not figures:
            return None
        return (min if measure.less_is_better else max)(figures, key=figures.__getitem__)

    def ratio(self, measure: Measure) -> float | None:
        """Ours to the best peer's, unless that is nothing."""
        best = self.best_peer(measure)
        ours = self.median(OURS, measure.key) if OURS in self.names else None
        theirs = self.median(best, measure.key) if best else None
        return ours / theirs if ours is not None and theirs else None

    def failures(self) -> list[str]:
        return [f"{name}, round {number}: {failure}" for name in self.names
                for number, turn in enumerate(self.data["products"][name]["turns"], 1) for failure in turn["failures"]]


def shown(figure: float | None, digits: int) -> str:
    return "" if figure is None else f"{figure:,.{digits}f}"


def ratio_shown(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1f}x" if ratio >= 2 else f"{ratio:.2f}x"
