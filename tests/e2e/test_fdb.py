"""The LAN's switch keeps a silent remote on the gateway's port."""

import pathlib
import time

from case import PartyCase, main
from lab import Host, wait_for
from measure import Capture, ping_all
from party import FRIEND, TAP, Party, python

FORGE = pathlib.Path(__file__).with_name("forge.py")
AGEING_SECONDS = 10  # as Party sets it
PLAYER = "10.77.0.30"


class ASilentRemote(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.player.set_sysctl(f"net.ipv6.conf.{TAP}.disable_ipv6", 1)
        party.give_address(party.player, PLAYER)
        cls.mac = party.player.mac(TAP)

    def know_for_good(self, host: Host, nic: str, address: str, mac: str) -> None:
        host.run("ip", "neigh", "replace", address, "lladdr", mac, "dev", nic, "nud", "permanent")

    def test_is_known_to_the_switch_as_soon_as_it_joins(self):
        wait_for("the switch to learn the player's MAC", lambda: self.party.lan.port_of(self.mac) == "gateway", 3)

    def test_stays_on_the_gateways_port_and_its_unicast_goes_nowhere_else(self):
        ping_all(self.party.friend, PLAYER, 1)  # both know each other's MAC
        self.know_for_good(self.party.friend, "eth0", PLAYER, self.mac)
        self.know_for_good(self.party.player, TAP, FRIEND, self.party.friend.mac("eth0"))
        with Capture(self.party.player, TAP, f"ether src {self.mac}") as said, \
                Capture(self.party.quiet, "eth0", f"ether dst {self.mac}") as overheard:
            time.sleep(AGEING_SECONDS * 1.5)
            self.assertEqual(said.packets(), [], "the player was to be silent")
            self.assertEqual(self.party.lan.port_of(self.mac), "gateway")
            ping_all(self.party.friend, PLAYER, 3)
        self.assertEqual(overheard.packets(), [])

    def test_z_is_forgotten_once_it_has_left(self):
        self.assertEqual(self.client.stop(), 0)
        wait_for("the switch to forget the player", lambda: self.party.lan.port_of(self.mac) is None,
                 AGEING_SECONDS * 2.5)


class ASwitchThatForgets(PartyCase):
    """The gateway shows the players by itself once an hour only."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_dhcp_server()
        party.start_relay()
        party.start_gateway("--cam-refresh", "3600")
        party.start_client()
        party.player.set_sysctl(f"net.ipv6.conf.{TAP}.disable_ipv6", 1)
        party.give_address(party.player, PLAYER)
        cls.mac = party.player.mac(TAP)

    def forget(self) -> None:
        self.party.lan.run("ip", "link", "set", "dev", "br0", "type", "bridge", "fdb_flush")
        wait_for("the switch to forget", lambda: self.party.lan.port_of(self.mac) is None, 3)

    def wait_until_known(self) -> None:
        wait_for("the switch to learn the player's MAC", lambda: self.party.lan.port_of(self.mac) == "gateway", 5)

    def test_is_told_again_when_the_spanning_tree_changes(self):
        self.forget()
        self.party.friend.run(python(), str(FORGE), "eth0", "topology-change")
        self.wait_until_known()

    def test_is_told_again_when_the_cable_is_plugged_in(self):
        self.party.gateway_host.run("ip", "link", "set", "dev", "lan", "down")
        self.forget()
        self.party.gateway_host.run("ip", "link", "set", "dev", "lan", "up")
        self.wait_until_known()


if __name__ == "__main__":
    main()
