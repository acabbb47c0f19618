"""A player's Windows PC: the real program under Wine, a double of the TAP driver in Wine's kernel, and a Linux TAP behind
that double, so that Linux' own tools play the PC's network stack.

    lanparty-client-win.exe  <- reads, writes, control codes ->  driver's double  <- cable.exe, TCP ->  TAP
"""

import os
import pathlib
import shutil
import subprocess
import sys

from lab import SKIPPED, Failure, Host, Program, wait_for
from party import PLAYER_WAN, ROOT, TAP, Party

BINARIES = pathlib.Path(os.environ.get("LANPARTY_WINDOWS_BIN", ROOT / "build/mingw/bin"))
PROGRAM = "lanparty-client-win.exe"
DOUBLES = BINARIES.parent / "tests/windows"  # of the driver, and of what restarts it
NETWORKS = BINARIES.parent / "tests/networks"  # of what changes routes and interfaces
FILES = (BINARIES / PROGRAM,
         *(DOUBLES / name for name in ("softlan_tap.sys", "cable.exe", "tapctl.exe", "end.exe", "setupapi.dll")),
         *(NETWORKS / name for name in ("iphlpapi.dll", "iphlpapi_wine.dll")))
CLASS = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}"
NETWORK = CLASS.replace("Class", "Network")
GUID = "{B1D00D1E-0007-4000-8000-5050534C414E}"
BUILT_IN_MAC = "00:ff:5e:10:20:30"
LUID = 6 << 48 | 7 << 24  # Ethernet, the seventh
WAN_LUID, WAN_GUID = 6 << 48 | 1 << 24, "{B1D00D1E-0001-4000-8000-5050534C414E}"
CARD_PORT = 7001
LEASE_SCRIPT = """#!/bin/sh
case $reason in
  BOUND | RENEW | REBIND | REBOOT) ip addr replace "$new_ip_address/24" dev "$interface" ;;
esac
"""


def leave_without_wine() -> None:
    """Ends this program as skipped where there is nothing to run or nothing to run it with."""
    missing = "Wine is not installed" if not shutil.which("wine") else None
    for needed in FILES:
        if not needed.exists():
            missing = missing or f"{needed} is not there; tools/build mingw makes it"
    if missing:
        print(missing, file=sys.stderr)
        sys.exit(SKIPPED)


class WindowsPc:
    """On the party's player. Its programs are in FILES/pc, as beside each other in one folder."""

    def __init__(self, party: Party, adapter: str | None = "softlan", version: str = "9.27.0.0"):
        """Without an adapter there is no driver either."""
        self.party, self.host = party, party.player
        self.folder = party.files / "pc"
        self.folder.mkdir()
        for file in FILES:
            shutil.copy(file, self.folder)
        self.networks = self.folder / "networks"
        self.environment = {
            "WINEPREFIX": str(party.files / "wine"), "WINEDEBUG": "-all", "DISPLAY": "",
            "WINEDLLOVERRIDES": "mscoree,mshtml=", "SOFTLAN_NETWORKS": str(self.networks)}
        self._start_wine()
        self._lay_out_networks()
        if adapter:
            self._install_adapter(adapter, version)
            self.start_cable()

    def _start_wine(self) -> None:
        """The first program makes the prefix. Without `wineboot`, which would start Wine's services a second time: of
        two managers of services none starts the driver."""
        pathlib.Path(self.environment["WINEPREFIX"]).mkdir()
        server = self._start_wineserver()
        # Windows without a screen, as of the next desktop: the log-off is told to one.
        self.run("reg", "add", r"HKEY_CURRENT_USER\Software\Wine\Drivers", "/v", "Graphics", "/d", "null", "/f",
                 seconds=180)
        self._end_wineserver()
        server.wait(30)
        self._start_wineserver()

    def _start_wineserver(self) -> Program:
        return self.host.spawn("wineserver", *self._with_environment(), "wineserver", "-f", "-p")

    def _end_wineserver(self) -> None:
        subprocess.run(["env", *(f"{n}={v}" for n, v in self.environment.items()), "wineserver", "-k"], check=False)

    def _with_environment(self, doubles: str = "") -> list[str]:
        environment = dict(self.environment)
        environment["WINEDLLOVERRIDES"] += doubles
        return ["env", "-C", str(self.folder), *(f"{name}={value}" for name, value in environment.items())]

    def run(self, *argv: str, seconds: float = 60, may_fail: bool = False) -> str:
        """What it prints goes to a file: Wine's services, which it may start, keep it open."""
        name = pathlib.PureWindowsPath(argv[0]).stem
        program = self.host.spawn(name, *self._with_environment(), "wine", *argv)
        if (code := program.wait(seconds)) and not may_fail:
            raise Failure(f"{' '.join(argv)} failed with exit code {code}: {program.tail(1)}")
        return program.output()

    def _lay_out_networks(self) -> None:
        wan = self.host.link("wan")["ifindex"]
        self.networks.write_text(f"interface {WAN_LUID} {wan} {WAN_GUID}\nip {WAN_LUID} 4 1 25 1500 1 25\n"
                                 f"address {WAN_LUID} {PLAYER_WAN} 24\nroute 203.0.113.0/24 0.0.0.0 {WAN_LUID} 0\n"
                                 f"interface {LUID} 7 {GUID}\nip {LUID} 4 1 25 1500 1 25\nip {LUID} 6 1 25 1500 1 25\n"
                                 f"dns {LUID} 4 1\ndns {LUID} 6 1\n")

    def _install_adapter(self, adapter: str, version: str) -> None:
        settings = self.folder / "adapter.reg"
        settings.write_text(f"""REGEDIT4

[{CLASS}\\0007]
"ComponentId"="root\\\\tap0901"
"NetCfgInstanceId"="{GUID}"
"DriverVersion"="{version}"

[{NETWORK}\\{GUID}\\Connection]
"Name"="{adapter}"
"PnpInstanceID"="ROOT\\\\NET\\\\0000"
""")
        self.run("regedit", "/S", settings.name)
        self.run("cable.exe", "load", "Z:" + str(self.folder / "softlan_tap.sys").replace("/", "\\"), "0007")

    def install_driver_tool(self) -> None:
        """Where OpenVPN's installer puts it."""
        folder = self.drive / "Program Files/OpenVPN/bin"
        folder.mkdir(parents=True)
        shutil.copy(self.folder / "tapctl.exe", folder)

    @property
    def drive(self) -> pathlib.Path:
        """C:"""
        return pathlib.Path(self.environment["WINEPREFIX"]) / "drive_c"

    def start_cable(self) -> None:
        card = self.host.spawn("windows-card", sys.executable, str(pathlib.Path(__file__).with_name("windows_card.py")),
                               TAP, str(CARD_PORT))
        card.wait_for_output("waiting")
        cable = self.host.spawn("cable-out", *self._with_environment(), "wine", "cable.exe", "run", str(CARD_PORT))
        cable.wait_for_output("plugged", 30)

    def spawn_client(self, *more: str, environment: tuple[str, ...] = (), run_by: tuple[str, ...] = ()) -> Program:
        flags = self.party.member_command(PROGRAM, "--name", "Windows", *more)[1:]
        # Only this program gets the doubles: Wine's own services would not start with them.
        return self.host.spawn("client", *self._with_environment(";setupapi,iphlpapi=n,b"), *environment, "wine",
                               *run_by, PROGRAM, *flags)

    def start_client(self, *more: str, run_by: tuple[str, ...] = ()) -> Program:
        """Returns once the card has its carrier."""
        client = self.spawn_client(*more, run_by=run_by)
        wait_for("the client to plug its adapter in", lambda: self.is_plugged(client), 60)
        return client

    def settings(self) -> dict[str, str]:
        """Every value of this PC that a client touches."""
        return {"networks": "\n".join(sorted(self.networks.read_text().splitlines())),
                "registry": self.run("reg", "query", CLASS + "\\0007"), "MAC": self.host.mac(TAP),
                "journal": " ".join(f.name for f in (self.drive / "ProgramData/lanparty").glob("*.jsonl"))}

    def is_plugged(self, client: Program) -> bool:
        if not client.is_running():
            raise Failure(f"{client.name} ended: {client.tail(1)}")
        link = self.host.link(TAP)
        return bool(link) and "NO-CARRIER" not in link["flags"] and link["operstate"] == "UP"

    def ask_for_address(self) -> None:
        script = self.folder / "lease"
        script.write_text(LEASE_SCRIPT)
        script.chmod(0o755)
        self.host.spawn("dhclient", "dhclient", "-4", "-d", "-sf", str(script), "-lf", str(self.folder / "leases"),
                        "-pf", str(self.folder / "dhclient.pid"), TAP)

    def provoke(self, what: str) -> None:
        """`restart` or `remove`: what happens to the adapter."""
        self.run("cable.exe", what)

    def hold_adapter(self) -> Program:
        """Another program that uses it."""
        program = self.host.spawn("other", *self._with_environment(), "wine", "cable.exe", "hold", GUID)
        program.wait_for_output("held", 30)
        return program

    def network_address(self) -> str:
        """What the registry tells the adapter to have."""
        return self.run("reg", "query", CLASS + "\\0007", "/v", "NetworkAddress").split()[-1]

    def close(self) -> None:
        self._end_wineserver()
