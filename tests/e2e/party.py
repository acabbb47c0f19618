"""The party every e2e test and the demo play in.

    internet switch 203.0.113.0/24, 2001:db8::/64
      |- relay            .10  ::10   lanparty-relay
      |- gateway          .20  ::20   lanparty-gateway, its second interface "lan" in the LAN switch
      |- player           .30  ::30   lanparty-client; no address on the LAN, no route to it
      '- player2          .31  ::31
    LAN switch 10.77.0.0/24 (ports are called like the hosts behind them)
      |- gateway          no address: a cable into the relay, nothing more
      |- dhcp             .1          dnsmasq: the party's DHCP and DNS server
      |- friend           .10         a player's PC in the hall
      '- quiet            .11         a port where nobody should hear what is not for it
"""

import ipaddress
import os
import pathlib
import sys

from lab import Failure, Host, Lab, Program, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("LANPARTY_BIN", ROOT / "build/release/bin"))
ROOM = "PARTY1"
RELAY_PORT = 4433
SERVER_NAME = "lanparty-relay.local"
TAP = "lanparty0"
LAN = ipaddress.ip_network("10.77.0.0/24")
DHCP_SERVER, FRIEND, QUIET = "10.77.0.1", "10.77.0.10", "10.77.0.11"
LEASES = (ipaddress.ip_address("10.77.0.100"), ipaddress.ip_address("10.77.0.150"))
RELAY, RELAY_IPV6 = "203.0.113.10", "2001:db8::10"
PLAYER_WAN = "203.0.113.30"
PLAYER2_MAC = "02:00:5e:00:00:31"


def internet(number: int) -> list[str]:
    return [f"203.0.113.{number}/24", f"2001:db8::{number}/64"]


class Party:
    """Lays out hosts and cables; programs start when asked for.

    With passes the gateway founds the room and players come by its link; without, the relay lets everybody in.
    """

    def __init__(self, name: str, ageing_seconds: int = 10, passes: bool = False):
        self.passes = passes
        self.lab = Lab(ROOT / "build/e2e" / name)
        self.files = self.lab.logs  # certificates, identities, state
        self.certificate = self.files / "relay-cert.der"
        self._lay_out_internet()
        self._lay_out_lan(ageing_seconds)
        self.relay: Program | None = None
        self.gateway: Program | None = None
        self.link_file = self.files / "link"  # of the party, once the gateway has printed it

    def _lay_out_internet(self) -> None:
        self.internet = self.lab.switch("internet")
        self.relay_host = self.lab.host("relay")
        self.gateway_host = self.lab.host("gateway")
        self.player = self.lab.host("player")
        self.player2 = self.lab.host("player2")
        for number, host in ((10, self.relay_host), (20, self.gateway_host), (30, self.player), (31, self.player2)):
            self.lab.plug(host, "wan", self.internet, *internet(number))

    def _lay_out_lan(self, ageing_seconds: int) -> None:
        self.lan = self.lab.switch("lan", ageing_seconds)
        self.lab.plug(self.gateway_host, "lan", self.lan)
        self.dhcp, self.friend, self.quiet = (self.lab.host(name) for name in ("dhcp", "friend", "quiet"))
        for host, address in ((self.dhcp, DHCP_SERVER), (self.friend, FRIEND), (self.quiet, QUIET)):
            self.lab.plug(host, "eth0", self.lan, f"{address}/{LAN.prefixlen}")

    # --- the programs ---

    def start_dhcp_server(self, lease_time: str = "1h") -> Program:
        program = self.dhcp.spawn(
            "dnsmasq", "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--interface=eth0", "--bind-interfaces", f"--dhcp-range={LEASES[0]},{LEASES[1]},{lease_time}",
            f"--dhcp-leasefile={self.files / 'leases'}", "--pid-file=", "--dhcp-authoritative", "--no-ping",
            f"--host-record=friend.party,{FRIEND}")
        program.wait_for_output(r"DHCP, IP range")
        return program

    def relay_command(self, *more: str) -> list[str]:
        return [str(BINARIES / "lanparty-relay"), "--listen", f"{RELAY}:{RELAY_PORT}",
                "--listen", f"[{RELAY_IPV6}]:{RELAY_PORT}", "--dev-cert-der-out", str(self.certificate),
                "--state-dir", str(self.files / "relay-state"), *([] if self.passes else ["--rooms", "passless"]), *more]

    def member_command(self, program: str, *more: str) -> list[str]:
        return [str(BINARIES / program), "--relay", f"{RELAY}:{RELAY_PORT}", "--server-name", SERVER_NAME,
                "--relay-ca-cert", str(self.certificate), "--room", ROOM, *more]

    def gateway_command(self, *more: str) -> list[str]:
        return self.member_command("lanparty-gateway", "--interface", "lan", "--identity",
                                   str(self.files / "gateway.identity"), "--name", "Hall", *more)

    def client_command(self, player: Host, *more: str) -> list[str]:
        flags = ["--tap", TAP, "--identity", str(self.files / f"{player.name}.identity"), "--name", player.name, *more]
        if self.passes:
            return [str(BINARIES / "lanparty-client"), "--join-file", str(self.link_file), *flags]
        return self.member_command("lanparty-client", *flags)

    def start_relay(self, *more: str) -> Program:
        self.relay = self.relay_host.spawn("relay", *self.relay_command(*more))
        wait_for("the relay's certificate", self.certificate.exists)
        wait_for("the relay to listen", lambda: listens(self.relay, self.relay_host))
        return self.relay

    def start_gateway(self, *more: str) -> Program:
        """Returns once it is seated: its interface is promiscuous and the room knows it."""
        self.gateway = self.gateway_host.spawn("gateway", *self.gateway_command(*more))
        wait_for("the gateway to be seated", lambda: is_seated(self.gateway), 15)
        if self.passes:
            self.link_file.write_text(self.gateway.wait_for_output(r"lanparty://\S+")[0])
        return self.gateway

    def start_client(self, player: Host | None = None, *more: str) -> Program:
        """Returns once it is seated and its TAP has a carrier."""
        return self.start_client_as(player or self.player, self.client_command(player or self.player, *more))

    def start_client_as(self, player: Host, command: list[str]) -> Program:
        client = player.spawn("client" if player is self.player else f"client-{player.name}", *command)
        wait_for("the client to be plugged in", lambda: has_carrier(client, player), 15)
        return client

    def start_all(self, *client_flags: str) -> Program:
        """DHCP server, relay, gateway and one client; the client, seated."""
        self.start_dhcp_server()
        self.start_relay()
        self.start_gateway()
        return self.start_client(self.player, *client_flags)

    def give_address(self, player: Host, address: str) -> None:
        player.run("ip", "addr", "add", f"{address}/{LAN.prefixlen}", "dev", TAP)

    def lease(self, player: Host, seconds: float = 20.0) -> str:
        """The address the LAN's DHCP server gave this player."""
        address = wait_for(f"{player.name} to get an address from the LAN's DHCP server",
                           lambda: player.ipv4(TAP), seconds)
        if not LEASES[0] <= ipaddress.ip_address(address) <= LEASES[1]:
            raise Failure(f"{player.name} has {address}, which the LAN's DHCP server does not lease")
        return address

    def close(self) -> None:
        self.lab.close()

    def __enter__(self) -> "Party":
        return self

    def __exit__(self, *_) -> None:
        self.close()


# --- what can be seen from outside ------------------------------------------------------------------------------------


def still_runs(program: Program) -> None:
    if not program.is_running():
        last = program.tail(1)
        raise Failure(f"{program.name} ended: {last or f'exit code {program.wait()}'}")


def listens(relay: Program, host: Host) -> bool:
    still_runs(relay)
    return f":{RELAY_PORT} " in host.run("ss", "-Hlun")


def is_seated(member: Program) -> bool:
    still_runs(member)
    return "Joined room" in member.output()


def has_carrier(client: Program, player: Host, tap: str = TAP) -> bool:
    still_runs(client)
    link = player.link(tap)
    return bool(link) and link.get("operstate") in ("UP", "UNKNOWN") and "NO-CARRIER" not in link["flags"]


def python() -> str:
    return sys.executable
