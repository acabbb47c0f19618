"""Multicast groups across the tunnel, with a switch on the LAN that snoops IGMP and asks for it."""

import pathlib
import time

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import Capture, ping_all
from party import FRIEND, TAP, Party, python

MULTICAST = pathlib.Path(__file__).with_name("multicast.py")
GROUP = "239.77.0.1"
GROUP_MAC = "01:00:5e:4d:00:01"
PLAYER, PLAYER2 = "10.77.0.30", "10.77.0.31"
REPORTS = "igmp and ip proto 2 and not igmp[0] == 0x11"


def snoop(party: Party) -> None:
    """The LAN's switch sends IGMP queries every other second and multicasts only to ports with members."""
    bridge = ("ip", "link", "set", "dev", "br0", "type", "bridge")
    party.lan.run(*bridge, "mcast_query_interval", "200", "mcast_query_response_interval", "100",
                  "mcast_startup_query_interval", "100", "mcast_igmp_version", "2")
    party.lan.run(*bridge, "mcast_snooping", "1", "mcast_querier", "1")  # floods for one response interval from now


class AGroupOfARemotePlayer(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        snoop(party)
        party.start_all()
        party.start_client(party.player2)
        party.give_address(party.player, PLAYER)
        party.give_address(party.player2, PLAYER2)
        party.player.set_sysctl(f"net.ipv4.conf.{TAP}.force_igmp_version", 2)
        ping_all(party.player, FRIEND, 2)

    def group_is_known_at(self, port: str) -> bool:
        entries = self.party.lan.json("bridge", "-j", "mdb", "show", "dev", "br0")
        groups = [group for entry in entries for group in entry.get("mdb", [])]
        return any(group["grp"] == GROUP and group["port"] == port for group in groups)

    def listen(self, host: Host, address: str) -> Program:
        program = host.spawn(f"listener-{host.name}", python(), str(MULTICAST), "listen", address, GROUP)
        self.addCleanup(program.stop)
        program.wait_for_output("joined")
        return program

    def send(self, host: Host, address: str, count: int = 10) -> None:
        host.run(python(), str(MULTICAST), "send", address, GROUP, str(count))

    def test_a_the_lans_queries_reach_the_remotes(self):
        with Capture(self.party.player, TAP, "igmp[0] == 0x11", incoming=True) as queries:
            queries.wait_for_packet("an IGMP query of the LAN's switch", 6)

    def test_b_is_heard_by_its_members_and_by_no_other_port(self):
        with (Capture(self.party.player2, TAP, REPORTS, incoming=True) as reports_elsewhere,
              Capture(self.party.quiet, "eth0", f"ether dst {GROUP_MAC}", incoming=True) as overheard):
            listener = self.listen(self.party.player, PLAYER)
            wait_for("the switch to know the player's group", lambda: self.group_is_known_at("gateway"), 6)
            time.sleep(3)  # past a query: the membership has been asked for and confirmed
            self.assertTrue(self.group_is_known_at("gateway"))
            self.send(self.party.friend, FRIEND)
            listener.wait_for_output("got lobby 9", 5)
        self.assertEqual(overheard.packets(), [])
        self.assertEqual(reports_elsewhere.packets(), [], "other players would keep their own reports back")

    def test_c_of_two_remotes_is_confirmed_by_both(self):
        listeners = [self.listen(self.party.player, PLAYER), self.listen(self.party.player2, PLAYER2)]
        macs = [player.mac(TAP) for player in (self.party.player, self.party.player2)]
        with Capture(self.party.gateway_host, "lan", REPORTS) as reports:
            wait_for("reports of both players", lambda: all(
                any(mac in packet for packet in reports.packets()) for mac in macs), 8)
        self.send(self.party.friend, FRIEND)
        for listener in listeners:
            listener.wait_for_output("got lobby 9", 5)


if __name__ == "__main__":
    main()
