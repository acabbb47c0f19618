"""Multicast groups across the tunnel, with a switch on the LAN that snoops IGMP and MLD and asks for both."""

import pathlib
import time

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import Capture, ping_all
from party import TAP, Party, python

MULTICAST = pathlib.Path(__file__).with_name("multicast.py")
OF_MLD = "ip6[6] == 0 and ip6[40] == 58 and "  # ICMPv6 behind a header of hop-by-hop options


def snoop(party: Party) -> None:
    """The LAN's switch sends queries every other second and multicasts only to ports with members."""
    bridge = ("ip", "link", "set", "dev", "br0", "type", "bridge")
    wait_for("the switch to have an address to ask from",
             lambda: "inet6 fe80::" in party.lan.run("ip", "-6", "addr", "show", "dev", "br0", "-tentative"))
    party.lan.run(*bridge, "mcast_query_interval", "200", "mcast_query_response_interval", "100",
                  "mcast_startup_query_interval", "100", "mcast_igmp_version", "2", "mcast_mld_version", "2")
    party.lan.run(*bridge, "mcast_snooping", "1", "mcast_querier", "1")  # floods for one response interval from now


class GroupTests:
    """Of one IP version."""

    group: str
    group_mac: str
    friend: str
    players: tuple[str, str]
    queries: str
    reports: str

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        snoop(party)
        party.start_all()
        party.start_client(party.player2)
        for player, address in zip((party.player, party.player2), cls.players):
            cls.give_address(party, player, TAP, address)
        ping_all(party.player, cls.friend, 2)

    @classmethod
    def give_address(cls, party: Party, host: Host, nic: str, address: str) -> None:
        party.give_address(host, address)

    def group_is_known_at(self, port: str) -> bool:
        entries = self.party.lan.json("bridge", "-j", "mdb", "show", "dev", "br0")
        groups = [group for entry in entries for group in entry.get("mdb", [])]
        return any(group["grp"] == self.group and group["port"] == port for group in groups)

    def listen(self, host: Host) -> Program:
        program = host.spawn(f"listener-{host.name}", python(), str(MULTICAST), "listen", TAP, self.group)
        self.addCleanup(program.stop)
        program.wait_for_output("joined")
        return program

    def send_from_the_lan(self) -> None:
        self.party.friend.run(python(), str(MULTICAST), "send", "eth0", self.group, "10")

    def test_a_the_lans_queries_reach_the_remotes(self):
        with Capture(self.party.player, TAP, self.queries, incoming=True) as queries:
            queries.wait_for_packet("a query of the LAN's switch", 6)

    def test_b_is_heard_by_its_members_and_by_no_other_port(self):
        players_reports = f"ether src {self.party.player.mac(TAP)} and ({self.reports})"
        with (Capture(self.party.player2, TAP, players_reports, incoming=True) as reports_elsewhere,
              Capture(self.party.quiet, "eth0", f"ether dst {self.group_mac}", incoming=True) as overheard):
            listener = self.listen(self.party.player)
            wait_for("the switch to know the player's group", lambda: self.group_is_known_at("gateway"), 6)
            time.sleep(3)  # past a query: the membership has been asked for and confirmed
            self.assertTrue(self.group_is_known_at("gateway"))
            self.send_from_the_lan()
            listener.wait_for_output("got lobby 9", 5)
        self.assertEqual(overheard.packets(), [])
        self.assertEqual(reports_elsewhere.packets(), [], "other players would keep their own reports back")

    def test_c_of_two_remotes_is_confirmed_by_both(self):
        listeners = [self.listen(player) for player in (self.party.player, self.party.player2)]
        macs = [player.mac(TAP) for player in (self.party.player, self.party.player2)]
        with Capture(self.party.gateway_host, "lan", self.reports) as reports:
            wait_for("reports of both players", lambda: all(
                any(mac in packet for packet in reports.packets()) for mac in macs), 8)
        self.send_from_the_lan()
        for listener in listeners:
            listener.wait_for_output("got lobby 9", 5)


class AnIpv4GroupOfARemotePlayer(GroupTests, PartyCase):
    group, group_mac = "239.77.0.1", "01:00:5e:4d:00:01"
    friend, players = "10.77.0.10", ("10.77.0.30", "10.77.0.31")
    queries, reports = "igmp[0] == 0x11", "igmp and ip proto 2 and not igmp[0] == 0x11"

    @classmethod
    def give_address(cls, party: Party, host: Host, nic: str, address: str) -> None:
        super().give_address(party, host, nic, address)
        host.set_sysctl(f"net.ipv4.conf.{nic}.force_igmp_version", 2)


class AnIpv6GroupOfARemotePlayer(GroupTests, PartyCase):
    group, group_mac = "ff15::77:1", "33:33:00:77:00:01"
    friend, players = "fd77::10", ("fd77::30", "fd77::31")
    queries = OF_MLD + "ip6[48] == 130"
    reports = OF_MLD + "(ip6[48] == 131 or ip6[48] == 132 or ip6[48] == 143)"

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.friend.set_sysctl("net.ipv6.conf.eth0.disable_ipv6", 0)
        cls.give_address(party, party.friend, "eth0", cls.friend)
        super().set_up_party(party)

    @classmethod
    def give_address(cls, party: Party, host: Host, nic: str, address: str) -> None:
        host.run("ip", "addr", "add", f"{address}/64", "dev", nic, "nodad")

    def test_d_the_lan_finds_a_remote_that_has_been_silent(self):
        # The question goes to a group that only those hosts are in whose addresses end alike.
        self.party.friend.run("ip", "-6", "neigh", "flush", "all")
        ping_all(self.party.friend, self.players[1], 3)


if __name__ == "__main__":
    main()
