#!/usr/bin/env python3
"""softlan, and what else carries Ethernet between two places, side by side on the same cables (bench/README.md).

    sudo python3 bench/compare [--quick] [--only NAME,...] [--repeat N] [--json FILE] [--write-docs]

Needs what the lab of the tests needs (HACKING.md), and the packages of `tools/install-dependencies bench`.
"""

import argparse
import functools
import json
import pathlib
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import machine  # noqa: E402
import report  # noqa: E402
from lab import Failure, enter_private_world  # noqa: E402
from measures import FULL, QUICK  # noqa: E402
from products import Bare, Product, Softlan, Vxlan  # noqa: E402
from results import Comparison  # noqa: E402
from softether import SoftEther  # noqa: E402
from tunnels import Fastd, N2n, OpenVpn, Tinc  # noqa: E402
from turn import take_turn  # noqa: E402

PRODUCTS = {"softlan": Softlan, "openvpn": OpenVpn, "fastd": Fastd, "tinc": Tinc, "softether": SoftEther, "n2n": N2n,
            "vxlan": Vxlan, "bare": Bare}
TOOLS = ("iperf3", "ping")


def run(kinds: list[type[Product]], options: argparse.Namespace) -> dict:
    """Products take turns, so that a busy moment of the machine meets all of them."""
    skipped = {kind.name: reason for kind in kinds if (reason := kind.missing())}
    kinds = [kind for kind in kinds if kind.name not in skipped]
    for name, reason in skipped.items():
        print(f"{name} is skipped: {reason}", file=sys.stderr)
    products = {kind.name: {"encrypts": kind.encrypts, "turns": []} for kind in kinds}
    data = {"machine": machine.describe(kinds), "quick": options.quick, "repeat": options.repeat, "skipped": skipped,
            "interrupted": False, "products": products}
    begin = time.monotonic()
    try:
        for number in range(1, options.repeat + 1):
            for kind in kinds:
                say = functools.partial(tell, begin, f"round {number} of {options.repeat}  {kind.name}")
                figures = take_turn(kind, QUICK if options.quick else FULL, say)
                products[kind.name]["turns"].append(figures)
                for failure in figures["failures"]:
                    say(f"failed: {failure}")
    except KeyboardInterrupt:
        data["interrupted"] = True
    data["minutes"] = round((time.monotonic() - begin) / 60, 1)
    return data


def tell(begin: float, turn: str, step: str) -> None:
    print(f"{time.monotonic() - begin:5.0f} s  {turn}: {step}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/compare", description="softlan and its peers on the same cables.")
    parser.add_argument("--quick", action="store_true", help="one short round, about four minutes")
    parser.add_argument("--only", metavar="NAME,...", default=",".join(PRODUCTS), help="of " + ", ".join(PRODUCTS))
    parser.add_argument("--repeat", metavar="N", type=int, help="rounds (default: 3, with --quick 1)")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write every figure of every turn here")
    parser.add_argument("--from", metavar="FILE", type=pathlib.Path, dest="earlier",
                        help="measure nothing, report what an earlier --json holds")
    parser.add_argument("--write-docs", action="store_true", help="write docs/benchmarks.md and its charts")
    options = parser.parse_args()
    options.only = options.only.split(",")
    if unknown := [name for name in options.only if name not in PRODUCTS]:
        parser.error(f"there is no {unknown[0]}; there are " + ", ".join(PRODUCTS))
    options.repeat = options.repeat or (1 if options.quick else 3)
    return options


def main() -> None:
    options = arguments()
    if options.earlier:
        data = json.loads(options.earlier.read_text())
    else:
        enter_private_world(as_root=True)
        if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
            sys.exit(f"This needs {' and '.join(missing)}; `tools/install-dependencies bench` installs it.")
        data = run([PRODUCTS[name] for name in options.only], options)
    if options.json:
        options.json.write_text(json.dumps(data, indent=1) + "\n")
    comparison = Comparison(data)
    print(report.text(comparison))
    if not comparison.names:
        sys.exit("Nothing was measured.")
    if data["interrupted"]:
        sys.exit("Interrupted: these are the turns that were finished, and the docs stay as they were.")
    if options.write_docs:
        report.write_docs(comparison, ROOT / "docs")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"bench/compare: {failure}")
