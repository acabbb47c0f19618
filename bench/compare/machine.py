"""Where and with what a comparison was made."""

import os
import pathlib
import platform
import re

from products import Product, first_version


def describe(kinds: list[type[Product]]) -> dict:
    return {
        "processor": _find(r"model name\s*: (.*)", "/proc/cpuinfo") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(_find(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / 1e6, 1),
        "kernel": platform.release(),
        "system": _find(r'PRETTY_NAME="(.*)"', "/etc/os-release") or platform.system(),
        "load_before": round(os.getloadavg()[0], 1),
        "iperf3": first_version(["iperf3", "--version"]),
        "products": {kind.name: {"version": kind.version(), "cipher": kind.cipher, "mtu": kind.mtu} for kind in kinds},
    }


def _find(pattern: str, file: str) -> str | None:
    found = re.search(pattern, pathlib.Path(file).read_text())
    return found[1].strip() if found else None
