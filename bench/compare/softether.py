"""SoftEther: the relay is a server with one virtual hub, the gateway a bridge that cascades to it, the remote a client.

Each role is a machine of its own to it: where it writes (/run, /tmp, /var/lib, /var/log) are folders of this turn.
"""

import re
import shutil

from lab import Failure, Program, wait_for
from party import RELAY
from products import bridge, first_version
from tunnels import Tunnel

PORT, CLIENT_PORT = 443, 9931  # of servers and bridges, and where a client listens for its settings
PASSWORD = "of-this-turn"
# Two processes come up, and one of them would outlive the end of the other.
ON_ITS_OWN = """
cd "$0" || exit
for each in run tmp var/lib var/log; do mkdir -p $each/softether && mount --bind $each /$each || exit; done
trap 'kill -KILL 0' TERM
"$@" execsvc &
wait
"""
UNSHARE = ("unshare", "--mount", "--propagation", "unchanged", "sh", "-c")
# Otherwise UDP takes over from TLS some seconds after the start, in the middle of what is measured.
ONLY_TLS = "ExtOptionSet DisableUdpAcceleration /VALUE:1"


class SoftEther(Tunnel):
    """Told by vpncmd what its manual tells to tell it."""

    name = "SoftEther"
    cipher = "TLS 1.3 on TCP, AES-256-GCM (default)"
    programs = {"relay": "vpnserver", "gateway": "vpnbridge", "remote": "vpnclient"}
    mtu = "1500"
    card = "vpn_lan"

    @classmethod
    def missing(cls) -> str:
        missing = [name for name in (*cls.programs.values(), "vpncmd") if not shutil.which(name)]
        return f"no {missing[0]} (softether-{missing[0]}, which Debian 12 has)" if missing else ""

    @classmethod
    def version(cls) -> str:
        return first_version([*UNSHARE, "mount -t tmpfs tmpfs /tmp && vpncmd /?"], r"(?<=Version )[\d.]+ Build \d+")

    def command(self, member: str) -> list[str]:
        folder = self.folder / member
        folder.mkdir(exist_ok=True)
        return [*UNSHARE, ON_ITS_OWN, str(folder), self.programs[member]]

    def start_relay_and_gateway(self) -> None:
        self._set_up_relay()
        self._set_up_gateway()
        self._set_up_remote()

    def _set_up_relay(self) -> None:
        self._start_and_wait("relay", PORT)
        users = [line for user in ("gateway", "remote")
                 for line in (f"UserCreate {user} /GROUP:none /REALNAME:none /NOTE:none",
                              f"UserPasswordSet {user} /PASSWORD:{PASSWORD}")]
        self._tell("relay", f"HubCreate party /PASSWORD:{PASSWORD}", "Hub party", ONLY_TLS, *users)

    def _set_up_gateway(self) -> None:
        """A TAP in a bridge, as for the others: its own bridge to a card cannot take the large segments of a veth."""
        self._start_and_wait("gateway", PORT)
        self._tell("gateway", "BridgeCreate BRIDGE /DEVICE:lan /TAP:yes", "Hub BRIDGE",
                   f"CascadeCreate relay /SERVER:{RELAY}:{PORT} /HUB:party /USERNAME:gateway",
                   f"CascadePasswordSet relay /PASSWORD:{PASSWORD} /TYPE:standard", "CascadeOnline relay")
        gateway = self.host("gateway")
        wait_for("the bridge's TAP", lambda: gateway.link("tap_lan"))
        bridge(gateway, "tap_lan", "lan")
        wait_for("the cascade", lambda: "Session Established" in self._tell("gateway", "Hub BRIDGE",
                                                                            "CascadeStatusGet relay"), 20)

    def _set_up_remote(self) -> None:
        """The client keeps its account, and connects when it is started again."""
        client = self._start_and_wait("remote", CLIENT_PORT)
        self._tell("remote", "NicCreate lan",
                   f"AccountCreate relay /SERVER:{RELAY}:{PORT} /HUB:party /USERNAME:remote /NICNAME:lan",
                   f"AccountPasswordSet relay /PASSWORD:{PASSWORD} /TYPE:standard", "AccountStartupSet relay")
        client.stop()
        wait_for("the card to go with the client", lambda: not self.host("remote").link(self.card))

    def _start_and_wait(self, member: str, port: int) -> Program:
        program = self.start(member)
        name = self.programs[member]
        wait_for(f"{name} to listen", lambda: f":{port} " in self.host(member).run("ss", "-Hlnt"), 20)
        wait_for(f"{name} to take commands", lambda: ">exit" in self._vpncmd(member), 20)
        return program

    def _tell(self, member: str, *commands: str) -> str:
        """What vpncmd answered; Failure if it did not like one of them."""
        said = self._vpncmd(member, *commands)
        if mistake := re.search(r"Error code: \d+\)\s*(.+)", said):
            raise Failure(f"vpncmd at the {member}: {mistake[1]}")
        return said

    def _vpncmd(self, member: str, *commands: str) -> str:
        kind = "/CLIENT" if member == "remote" else "/SERVER"
        return self.host(member).run("nsenter", f"--target={self.roles[member].pid}", "--mount", "vpncmd", "localhost",
                                     kind, check=False, stdin="\n".join([*commands, "exit", ""]))
