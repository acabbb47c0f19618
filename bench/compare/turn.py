"""One turn: fresh cables, one product on them, everything measured once, all of it gone again."""

from collections.abc import Callable

from lab import Failure
from measures import (DIRECTIONS, Effort, bulk, percentile, resident_megabytes, round_trips, small_packets,
                      start_to_first_ping)
from party import Party
from products import Product


def take_turn(kind: type[Product], effort: Effort, say: Callable[[str], None]) -> dict:
    """Figures by name. What failed is told under "failures", and the rest is measured nevertheless."""
    figures: dict = {"failures": []}
    with Party(f"compare-{kind.name.replace(' ', '-')}", passes=True) as party:
        _prepare(party)
        product = kind(party)
        try:
            say("relay and gateway")
            product.start_relay_and_gateway()
            say("client start")
            figures |= _start(product)
        except Failure as failure:
            figures["failures"].append(str(failure))
            return figures
        for what, step in _steps(product, effort):
            say(what)
            try:
                figures |= step()
            except Failure as failure:
                figures["failures"].append(f"{what}: {failure}")
    return figures


def _prepare(party: Party) -> None:
    for host in (party.player, party.relay_host, party.gateway_host, party.friend):
        host.leave_tcp_unpaced()
        host.set_sysctl("net.ipv6.conf.default.disable_ipv6", 1)  # no announcements of the tunnels' own cards


def _start(product: Product) -> dict:
    if not product.card:
        return {}
    # Once only: a peer that comes back at once is another matter, and some are made to wait.
    return {"start_ms": start_to_first_ping(product)}


def _steps(product: Product, effort: Effort) -> list[tuple[str, Callable[[], dict]]]:
    party = product.party
    return [
        ("idle round trips", lambda: _idle(party, effort)),
        *((f"TCP {direction}", lambda direction=direction: bulk(product, direction, effort.tcp_seconds))
          for direction in DIRECTIONS),
        *((f"small packets {direction}", lambda direction=direction: _packets(party, direction, effort))
          for direction in DIRECTIONS),
        ("memory", lambda: _memory(product)),
    ]


def _idle(party: Party, effort: Effort) -> dict:
    round_trips(party, 20)  # everybody is known to everybody
    times = round_trips(party, effort.idle_pings)
    return {"idle_p50_ms": percentile(times, 50), "idle_p99_ms": percentile(times, 99)}


def _packets(party: Party, direction: str, effort: Effort) -> dict:
    best, probes = small_packets(party, direction, effort)
    return {f"packets_{direction}": best, f"probes_{direction}": probes}


def _memory(product: Product) -> dict:
    relay = product.roles.get("relay")
    return {"relay_rss_mb": resident_megabytes(relay)} if relay else {}
