"""What is compared: each a way for frames (or, for the bare path, packets) from the remote player to the LAN and back.

All on the same cables (tests/e2e/party.py):  player -- internet -- relay -- internet -- gateway -- LAN switch -- friend
"""

import re
import shutil
import subprocess

from lab import Host, Program
from party import BINARIES, DHCP_SERVER, FRIEND, LAN, PLAYER_WAN, RELAY, TAP, Party

GATEWAY_WAN = "203.0.113.20"


class Product:
    """Made anew for every turn, on cables of its own, which are gone after it."""

    name = ""
    encrypts = True
    cipher = ""
    program = ""  # without which it is skipped
    package = ""  # and where that is from
    mtu = ""  # of the remote's card
    card = "tap0"  # the remote's, on the LAN; "" if it needs none
    address = "10.77.0.30"

    def __init__(self, party: Party):
        self.party = party
        self.roles: dict[str, Program] = {}  # "remote", "relay" and "gateway", where they are processes

    @classmethod
    def missing(cls) -> str:
        """Why it cannot be measured here, or nothing."""
        return "" if not cls.program or shutil.which(cls.program) else f"no {cls.program} ({cls.package})"

    @classmethod
    def version(cls) -> str:
        return "as the kernel has it"

    def start_relay_and_gateway(self) -> None:
        """Returns once the two see each other."""
        raise NotImplementedError

    def start_client(self) -> None:
        """Returns at once; the remote's card appears some time later and waits for an address."""


class Softlan(Product):
    """As its README tells: the gateway founds the room, the player comes by its link."""

    name = "softlan"
    cipher = "TLS 1.3 in QUIC, AES-128-GCM"
    program = str(BINARIES / "lanparty-relay")
    package = "tools/build release makes it"
    mtu = "1500"
    card = TAP

    @classmethod
    def version(cls) -> str:
        return first_version([cls.program, "--version"])

    def start_relay_and_gateway(self) -> None:
        self.roles["relay"] = self.party.start_relay()
        self.roles["gateway"] = self.party.start_gateway()

    def start_client(self) -> None:
        player = self.party.player
        self.roles["remote"] = player.spawn("client", *self.party.client_command(player))


class Vxlan(Product):
    """What the kernel does for a tunnel of Ethernet frames, without secrets: relay and gateway are bridges."""

    name = "kernel VXLAN"
    encrypts = False
    cipher = "none"
    mtu = "1450"
    card = "vxlan0"

    def start_relay_and_gateway(self) -> None:
        party = self.party
        lay_vxlan(party.relay_host, "player", 1, RELAY, PLAYER_WAN)
        lay_vxlan(party.relay_host, "gateway", 2, RELAY, GATEWAY_WAN)
        bridge(party.relay_host, "player", "gateway")
        lay_vxlan(party.gateway_host, "vxlan0", 2, GATEWAY_WAN, RELAY)
        bridge(party.gateway_host, "vxlan0", "lan")

    def start_client(self) -> None:
        lay_vxlan(self.party.player, self.card, 1, PLAYER_WAN, RELAY)


class Bare(Product):
    """The cables alone: relay and gateway are routers."""

    name = "bare veth"
    encrypts = False
    cipher = "none"
    mtu = "1500"
    card = ""
    address = PLAYER_WAN

    def start_relay_and_gateway(self) -> None:
        party = self.party
        on_lan = str(LAN.network_address + 254)
        for host in (party.relay_host, party.gateway_host):
            host.set_sysctl("net.ipv4.ip_forward", 1)
            for nic in ("all", "wan"):  # the way through the relay is a detour, which routers would say
                host.set_sysctl(f"net.ipv4.conf.{nic}.send_redirects", 0)
        party.gateway_host.run("ip", "addr", "add", f"{on_lan}/{LAN.prefixlen}", "dev", "lan")
        for host, target, way in ((party.player, str(LAN), RELAY), (party.relay_host, str(LAN), GATEWAY_WAN),
                                  (party.gateway_host, PLAYER_WAN, RELAY), (party.friend, PLAYER_WAN, on_lan)):
            host.run("ip", "route", "add", target, "via", way)


def bridge(host: Host, *nics: str) -> None:
    host.run("ip", "link", "add", "br0", "type", "bridge")
    for family in ("ip", "ip6", "arp"):
        host.set_sysctl(f"net.bridge.bridge-nf-call-{family}tables", 0)
    for nic in nics:
        host.run("ip", "link", "set", "dev", nic, "master", "br0", "up")
    host.run("ip", "link", "set", "dev", "br0", "up")


def lay_vxlan(host: Host, nic: str, number: int, here: str, there: str) -> None:
    host.run("ip", "link", "add", nic, "type", "vxlan", "id", str(number), "dev", "wan", "local", here, "remote", there,
             "dstport", "4789")


def first_version(command: list[str], pattern: str = r"\d+(\.\d+)*\S*|v\d+") -> str:
    said = subprocess.run(command, capture_output=True, text=True, timeout=10).stdout
    found = re.search(pattern, said)
    return found[0] if found else "unknown"
