"""The story ./demo tells: a remote player joins a LAN party. Every figure in it is measured while it is told."""

import argparse
import contextlib
import pathlib
import signal
import sys
import time

import lab
from lab import Failure
from measure import Capture, iperf3, ping_all
from party import FRIEND, LAN, RELAY, RELAY_PORT, ROOM, TAP, Party, python

LOBBY = pathlib.Path(__file__).with_name("lobby.py")
LOBBY_PORT = 27015


class Story:
    """Tells one line per part; knows what to show when a part fails."""

    def __init__(self, party: Party):
        self.party = party
        self.client: lab.Program | None = None
        self.address = ""  # the player's, on the LAN

    def tell(self, part: str, sentence: str) -> None:
        print(f"  {part:<18} {sentence}", flush=True)

    # --- the parts, in order; each returns its line ---

    def relay(self) -> str:
        self.party.start_relay()
        return f"listens on {RELAY}:{RELAY_PORT}, with a certificate of its own"

    def dhcp_server(self) -> str:
        self.party.start_dhcp_server()
        return f"dnsmasq serves the LAN {LAN}; a friend sits at {FRIEND}"

    def gateway(self) -> str:
        began = time.monotonic()
        self.party.start_gateway()
        return f"founds room {ROOM} and bridges the LAN's switch into it, {since(began)} after its start"

    def link(self) -> str:
        return f"all a player needs: {self.party.link_file.read_text()}"

    def player(self) -> str:
        began = time.monotonic()
        self.client = self.party.start_client(self.party.player, "--dhcp")
        routes = self.party.player.run("ip", "route", "show", "to", "match", FRIEND)
        if "dev wan" in routes:
            raise Failure(f"the player has a route to the LAN that is not the tunnel: {routes.strip()}")
        return f"is seated by the link, {since(began)} after its start; only the internet reaches it"

    def lease(self) -> str:
        began = time.monotonic()
        self.address = self.party.lease(self.party.player)
        return f"{self.address} from the LAN's DHCP server, {since(began)} after being seated"

    def ping_out(self) -> str:
        answer = ping_all(self.party.player, FRIEND, 10)
        return f"{answer.received} of {answer.sent} answers, {answer.average_ms:.2f} ms on average"

    def ping_in(self) -> str:
        answer = ping_all(self.party.friend, self.address, 10)
        return f"{answer.received} of {answer.sent} answers, {answer.average_ms:.2f} ms on average"

    def broadcast(self) -> str:
        friend, player = self.party.friend, self.party.player
        listener = friend.spawn("lobby-listener", python(), str(LOBBY), "listen", str(LOBBY_PORT))
        listener.wait_for_output("open")
        with Capture(friend, "eth0", f"ether broadcast and udp port {LOBBY_PORT}") as seen:
            player.run(python(), str(LOBBY), "announce", TAP, str(LOBBY_PORT), "a lobby")
            heard = listener.wait_for_output(r"heard (.+) from (\S+)")
            packet = seen.wait_for_packet("the broadcast on the friend's cable")
        mac = packet.split()[1].rstrip(",")
        return f"the friend hears \"{heard[1]}\" from {heard[2]} ({mac}) on 255.255.255.255:{LOBBY_PORT}"

    def full_frames(self) -> str:
        out = ping_all(self.party.player, FRIEND, 5, size=1472)
        back = ping_all(self.party.friend, self.address, 5, size=1472)
        return f"1472 bytes with DF: {out.average_ms:.2f} ms out, {back.average_ms:.2f} ms back, nothing lost"

    def throughput(self) -> str:
        up = iperf3(self.party.friend, self.party.player, FRIEND)
        down = iperf3(self.party.friend, self.party.player, FRIEND, "-R")
        return f"TCP {up.megabits_per_second:.0f} Mbit/s to the LAN, {down.megabits_per_second:.0f} Mbit/s from it"

    def goodbye(self) -> str:
        began = time.monotonic()
        ended = {program.name: program.stop() for program in (self.client, self.party.gateway)}
        if any(ended.values()):
            raise Failure(f"exit codes {ended}")
        if self.party.player.link(TAP):
            raise Failure(f"{TAP} is still there")
        return f"player and gateway leave in {since(began)}; {TAP} is gone"

    def counters(self) -> str:
        left = self.party.relay.wait_for_output(
            r"member left .*role=client .*frames_in=(\d+) frames_out=(\d+) drops=(\S+)", 5)
        return f"{int(left[1]):,} frames from the player, {int(left[2]):,} to it; dropped: {left[3]}"


# Part, who is to blame when it fails, and how it is told.
PARTS = (
    ("Relay", "relay", Story.relay),
    ("LAN", "dnsmasq", Story.dhcp_server),
    ("Gateway", "gateway", Story.gateway),
    ("Link", "gateway", Story.link),
    ("Player", "client", Story.player),
    ("Lease", "client", Story.lease),
    ("Ping to the LAN", "client", Story.ping_out),
    ("Ping from the LAN", "gateway", Story.ping_in),
    ("Broadcast", "relay", Story.broadcast),
    ("Full frames", "relay", Story.full_frames),
    ("Throughput", "relay", Story.throughput),
)
LAST_PARTS = (
    ("Goodbye", "client", Story.goodbye),
    ("Relay's counters", "relay", Story.counters),
)


def since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def show_blame(party: Party, name: str) -> None:
    for program in party.lab.programs:
        if program.name == name:
            state = "still runs" if program.is_running() else "has ended"
            print(f"\nThe {name} {state}; its last lines ({program.log}):\n{program.tail()}", file=sys.stderr)


def play(story: Story, parts: tuple) -> bool:
    for part, to_blame, tell in parts:
        try:
            story.tell(part, tell(story))
        except Failure as failure:
            story.tell(part, f"FAILED: {failure}")
            show_blame(story.party, to_blame)
            return False
    return True


def keep(party: Party) -> None:
    print("\nIt all keeps running until Ctrl-C. To play in it, from another terminal as the same user:\n")
    for host in (party.player, party.friend, party.gateway_host, party.relay_host):
        print(f"  {host.name:<8} {lab.way_to(host)}")
    print(f"\nFor example, on the player: ping {FRIEND}, or nmap -sn {LAN}. Logs: {party.lab.logs}")
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    print()


def main() -> int:
    parser = argparse.ArgumentParser(prog="./demo", description="Shows a remote player joining a LAN party.")
    parser.add_argument("--keep", action="store_true", help="leave it running until Ctrl-C")
    options = parser.parse_args()
    lab.enter_private_world()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print("A remote player joins a LAN party; every host below is a network namespace of its own.\n")
    try:
        with Party("demo", passes=True) as party:
            story = Story(party)
            worked = play(story, PARTS)
            if worked and options.keep:
                keep(party)
            worked = worked and play(story, LAST_PARTS)
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.")
        return 130
    except Failure as failure:
        print(f"The laboratory itself failed: {failure}", file=sys.stderr)
        return 1
    if worked:
        print("\nAll of it worked, and nothing is left running. Logs: build/e2e/demo")
    return 0 if worked else 1


if __name__ == "__main__":
    sys.exit(main())
