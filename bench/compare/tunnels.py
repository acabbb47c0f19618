"""Encrypting tunnels of Debian, each in the default its own documentation recommends, with a relay in between.

The relay forwards from member to member; at the gateway the tunnel's card is bridged with the LAN's.
"""

import pathlib

from lab import Host, Program
from party import LAN, PLAYER_WAN, RELAY
from products import GATEWAY_WAN, Product, bridge, first_version

MEMBERS = ("relay", "gateway", "remote")


class Tunnel(Product):
    """A subclass writes configurations in prepare() and says how a member is started and what it then says."""

    connected = ""  # what a gateway says once it is connected
    listening = ""  # what a relay says once it listens

    @classmethod
    def version(cls) -> str:
        return first_version([cls.program, "--version"])

    @property
    def folder(self) -> pathlib.Path:
        return self.party.files

    def host(self, member: str) -> Host:
        return {"relay": self.party.relay_host, "gateway": self.party.gateway_host, "remote": self.party.player}[member]

    def prepare(self) -> None:
        raise NotImplementedError

    def command(self, member: str) -> list[str]:
        raise NotImplementedError

    def start(self, member: str) -> Program:
        self.roles[member] = self.host(member).spawn(member, *self.command(member))
        return self.roles[member]

    def start_relay_and_gateway(self) -> None:
        self.prepare()
        for member in ("relay", "gateway"):
            self.host(member).run("ip", "tuntap", "add", "dev", "tap0", "mode", "tap")
            self.host(member).run("ip", "link", "set", "dev", "tap0", "up")
        bridge(self.party.gateway_host, "tap0", "lan")
        self.start("relay").wait_for_output(self.listening)
        self.start("gateway").wait_for_output(self.connected, 20)

    def start_client(self) -> None:
        self.start("remote")

    def run(self, *argv: str, stdin: str = "") -> str:
        return self.party.relay_host.run(*argv, stdin=stdin)


class OpenVpn(Tunnel):
    """The relay is the server, remote and gateway are its clients; self-signed certificates, known by fingerprint."""

    name = "OpenVPN"
    cipher = "AES-256-GCM (default)"
    program = package = "openvpn"
    mtu = "1500"
    listening = connected = "Initialization Sequence Completed"

    def prepare(self) -> None:
        prints = {member: self._make_certificate(member) for member in MEMBERS}
        server = f"mode server\ntls-server\nlocal {RELAY}\ndh none\nclient-to-client\nkeepalive 10 60\n"
        self._configure("relay", server, [prints["gateway"], prints["remote"]])
        for member in ("gateway", "remote"):
            self._configure(member, f"client\nremote {RELAY}\nnobind\n", [prints["relay"]])

    def _make_certificate(self, member: str) -> str:
        """Its fingerprint."""
        key, certificate = self.folder / f"{member}.key", self.folder / f"{member}.crt"
        self.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-days", "30", "-subj", f"/CN={member}", "-keyout", str(key), "-out", str(certificate))
        said = self.run("openssl", "x509", "-in", str(certificate), "-noout", "-fingerprint", "-sha256")
        return said.partition("=")[2].strip()

    def _configure(self, member: str, part: str, prints: list[str]) -> None:
        (self.folder / f"{member}.conf").write_text(
            f"{part}dev tap0\ndev-type tap\nproto udp\nport 1194\n"
            f"cert {self.folder}/{member}.crt\nkey {self.folder}/{member}.key\n"
            + "\n".join(["<peer-fingerprint>", *prints, "</peer-fingerprint>", ""]))

    def command(self, member: str) -> list[str]:
        return ["openvpn", "--config", str(self.folder / f"{member}.conf")]


class Fastd(Tunnel):
    """The relay forwards between its peers."""

    name = "fastd"
    cipher = "salsa2012+umac"
    program = package = "fastd"
    mtu = "1500"
    listening = "fastd .* starting"
    connected = r"connection with <relay>.* established"

    def prepare(self) -> None:
        keys = {member: self._make_keys() for member in MEMBERS}
        for member in MEMBERS:
            others = ("gateway", "remote") if member == "relay" else ("relay",)
            peers = [f'peer "{other}" {{ key "{keys[other][1]}"; {self._way_to(other)} }}' for other in others]
            place = f"bind {RELAY}:10000;\nforward yes;" if member == "relay" else ""
            (self.folder / f"{member}.conf").write_text("\n".join([
                "mode tap;", 'interface "tap0";', f'method "{self.cipher}";', f'secret "{keys[member][0]}";', place,
                *peers, ""]))

    def _make_keys(self) -> tuple[str, str]:
        """Secret and public."""
        secret = self.run("fastd", "--machine-readable", "--generate-key").split()[0]
        return secret, self.run("fastd", "--machine-readable", "--show-key", "--config", "-",
                                stdin=f'secret "{secret}";\n').split()[0]

    @staticmethod
    def _way_to(other: str) -> str:
        return f"remote {RELAY}:10000;" if other == "relay" else ""

    def command(self, member: str) -> list[str]:
        return ["fastd", "--config", str(self.folder / f"{member}.conf")]


class Tinc(Tunnel):
    """A switch of three nodes; IndirectData keeps remote and gateway from talking past the relay."""

    name = "tinc"
    cipher = "AES-256-CBC, SHA-256 (default)"
    program, package = "tincd", "tinc"
    mtu = "1500"
    listening = "Ready"
    connected = r"Connection with relay .* activated"

    def prepare(self) -> None:
        public = {member: self._make_key(member) for member in MEMBERS}
        for member in MEMBERS:
            way = "" if member == "relay" else "ConnectTo = relay\n"
            self._home(member).joinpath("tinc.conf").write_text(
                f"Name = {member}\nMode = switch\nInterface = tap0\nAddressFamily = ipv4\n{way}")
            hosts = self._home(member) / "hosts"
            hosts.mkdir()
            for other in MEMBERS:
                place = f"Address = {RELAY}\n" if other == "relay" else "IndirectData = yes\n"
                (hosts / other).write_text(place + public[other])

    def _home(self, member: str) -> pathlib.Path:
        return self.folder / f"tinc-{member}"

    def _make_key(self, member: str) -> str:
        self._home(member).mkdir()
        key = str(self._home(member) / "rsa_key.priv")
        self.run("openssl", "genrsa", "-traditional", "-out", key, "2048")
        return self.run("openssl", "rsa", "-in", key, "-RSAPublicKey_out")

    def command(self, member: str) -> list[str]:
        home = self._home(member)
        return ["tincd", "--config", str(home), "--no-detach", "--debug=1", f"--pidfile={home}/pid"]


class N2n(Tunnel):
    """The supernode passes everything on: remote and gateway have no way to each other, or they would go past it."""

    name = "n2n"
    cipher = "Twofish (its only one)"
    program, package = "edge", "n2n"
    mtu = "1400"
    listening = "Supernode ready"
    connected = "Received REGISTER_ACK"
    port = 7654

    @classmethod
    def version(cls) -> str:
        return first_version([cls.program, "-h"], r"(?<=v\.)\S+")

    def prepare(self) -> None:
        for member, other in (("remote", GATEWAY_WAN), ("gateway", PLAYER_WAN)):
            self.host(member).run("ip", "route", "add", "unreachable", other)

    def command(self, member: str) -> list[str]:
        if member == "relay":
            return ["supernode", "-l", str(self.port)]
        place = [self.address] if member == "remote" else [str(LAN.network_address + 20), "-r"]  # -r: for a whole LAN
        return ["edge", "-d", "tap0", "-c", "party", "-k", "of-this-turn", "-l", f"{RELAY}:{self.port}", "-a", *place]
