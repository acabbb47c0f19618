"""A comparison as a table on the screen, and as docs/benchmarks.md with its charts."""

import pathlib
import statistics
from collections.abc import Iterable

import chart
from measures import CONTROL, DIRECTIONS, FULL, LOSS_ALLOWED, QUICK, SMALL, Effort
from page import PAGE
from results import MEASURES, OURS, ROLES, Comparison, Measure, ratio_shown, shown

CHARTS = {
    "tcp": ("One TCP stream, Mbit/s", "more is better"),
    "cpu": ("Processor time of remote, relay and gateway, seconds per GB of TCP", "less is better"),
    "idle": ("Idle round trip from remote to LAN host, ms", "less is better"),
    "bulk": ("Round trip beside one TCP stream, p99, ms", "less is better"),
    "packets": (f"UDP datagrams of {SMALL} bytes a second, with {LOSS_ALLOWED:g} % lost at most", "more is better"),
    "start": ("From the start of the client to the first ping, ms", "less is better"),
}


# --- on the screen ----------------------------------------------------------------------------------------------------


def text(comparison: Comparison) -> str:
    names = comparison.names
    rows = [["", *names, f"{OURS} to the best encrypting peer"]]
    for measure in MEASURES:
        figures = [shown(comparison.median(name, measure.key), measure.digits) for name in names]
        rows.append([f"{measure.title}, {measure.unit}", *figures, _ratio_and_peer(comparison, measure)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(names) + 1)]
    lines = ["  ".join(cell.ljust(widths[0]) if not column else cell.rjust(widths[column])
                       for column, cell in enumerate(row[:-1])) + "  " + row[-1] for row in rows]
    skipped = [f"{name} was skipped: {reason}" for name, reason in comparison.data["skipped"].items()]
    return "\n".join([*(line.rstrip() for line in lines), *skipped, *comparison.failures()])


def _ratio_and_peer(comparison: Comparison, measure: Measure) -> str:
    ratio = comparison.ratio(measure)
    return "" if ratio is None else f"{ratio_shown(ratio)} {comparison.best_peer(measure)}"


# --- docs/benchmarks.md -----------------------------------------------------------------------------------------------


def write_docs(comparison: Comparison, docs: pathlib.Path) -> None:
    charts = docs / "benchmarks"
    charts.mkdir(exist_ok=True)
    for name in CHARTS:
        (charts / f"{name}.svg").write_text(_chart(comparison, name))
    (docs / "benchmarks.md").write_text(_page(comparison))


def _chart(comparison: Comparison, chart_name: str) -> str:
    measures = [measure for measure in MEASURES if measure.chart == chart_name]
    names = [name for name in comparison.names if name == OURS or name in comparison.peers()]
    groups = {name: [chart.Bar(figure := comparison.median(name, measure.key), shown(figure, measure.digits))
                     for measure in measures] for name in names}
    title, note = CHARTS[chart_name]
    return chart.bars(title, note, [measure.series for measure in measures], groups, OURS)


def _page(comparison: Comparison) -> str:
    data, machine = comparison.data, comparison.data["machine"]
    return PAGE.format(
        **_tables(comparison),
        **_method(QUICK if data["quick"] else FULL),
        **{name: value for name, value in machine.items() if name != "products"},
        charts="\n".join(f"![{title}](benchmarks/{name}.svg)" for name, (title, _) in CHARTS.items()),
        rounds=f"{data['repeat']} rounds" if data["repeat"] > 1 else "one round",
        command="sudo python3 bench/compare" + (" --quick" if data["quick"] else "") + f" --repeat {data['repeat']}",
        minutes=data["minutes"], noise=_noise(comparison), notes=_notes(comparison))


def _tables(comparison: Comparison) -> dict[str, str]:
    return {
        "ratios": _table(["", f"{OURS} to the best", "which is", "better is"], _ratio_rows(comparison)),
        "figures": _table(["", *comparison.names], _figure_rows(comparison)),
        "roles": _table(["", *ROLES], _role_rows(comparison)),
        "products": _table(["", "version", "cipher", "MTU of the remote's card"], _product_rows(comparison)),
    }


def _method(effort: Effort) -> dict[str, str]:
    return {
        "pings": str(effort.idle_pings),
        "tcp_seconds": str(effort.tcp_seconds),
        "control": CONTROL.upper(),
        "small": str(SMALL),
        "loss": f"{LOSS_ALLOWED:g}",
        "tries": "; a rate fails when it fails twice" if effort.tries > 1 else "",
    }


def _ratio_rows(comparison: Comparison) -> Iterable[list[str]]:
    for measure in MEASURES:
        if comparison.ratio(measure) is not None:
            yield [measure.title, ratio_shown(comparison.ratio(measure)), comparison.best_peer(measure) or "",
                   "less" if measure.less_is_better else "more"]


def _figure_rows(comparison: Comparison) -> Iterable[list[str]]:
    for measure in MEASURES:
        yield [f"{measure.title}, {measure.unit}",
               *(shown(comparison.median(name, measure.key), measure.digits) for name in comparison.names)]


def _role_rows(comparison: Comparison) -> Iterable[list[str]]:
    for name in comparison.names:
        ways = {way: [comparison.median(name, f"cpu_{way}_{role}_s") for role in ROLES] for way in DIRECTIONS}
        if any(figure is not None for figures in ways.values() for figure in figures):
            yield [name, *(" / ".join(shown(figure, 1) for figure in pair) for pair in zip(*ways.values()))]


def _product_rows(comparison: Comparison) -> Iterable[list[str]]:
    for name, product in comparison.data["machine"]["products"].items():
        yield [name, product["version"], product["cipher"], product["mtu"]]


def _noise(comparison: Comparison) -> str:
    """How far the rounds of one product lie apart, over all figures."""
    spreads = [(high - low) / middle * 100 for name in comparison.names for measure in MEASURES
               if (middle := comparison.median(name, measure.key))
               for low, high in [comparison.spread(name, measure.key)]]
    if comparison.data["repeat"] < 2 or not spreads:
        return "One round says nothing about how far figures scatter: repeat it."
    return (f"Between rounds one figure of one product differs by {statistics.median(spreads):.0f} % (median; lowest "
            f"to highest against the middle).")


def _notes(comparison: Comparison) -> str:
    notes = [f"- {name} was not measured: {reason}." for name, reason in comparison.data["skipped"].items()]
    notes += [f"- Failed: {failure}" for failure in comparison.failures()]
    return "\n".join(["\n", *notes]) if notes else ""


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
