"""A remote player is in effect plugged into the LAN's switch."""

import pathlib

import discovery
from case import PartyCase, main
from lab import Failure, running_processes, wait_for
from measure import Capture, ping, ping_all
from party import FRIEND, LAN, PLAYER2_MAC, QUIET, RELAY, RELAY_IPV6, RELAY_PORT, TAP, Party

RESOLV_CONF = pathlib.Path("/etc/resolv.conf")


def resolv_conf() -> bytes:
    return RESOLV_CONF.read_bytes() if RESOLV_CONF.exists() else b""


class APlayerWithDhcp(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.resolv_conf_before = resolv_conf()
        party.player.run("ip", "route", "add", "default", "via", "203.0.113.1")
        cls.client = party.start_all("--dhcp")
        cls.address = party.lease(party.player)

    def test_leases_its_address_from_the_lans_dhcp_server(self):
        leases = (self.party.files / "leases").read_text()
        self.assertIn(f"{self.party.player.mac(TAP)} {self.address} ", leases)

    def test_keeps_its_default_route_and_name_servers(self):
        routes = self.party.player.run("ip", "route", "show", "default").strip().splitlines()
        self.assertEqual(len(routes), 1, routes)
        self.assertIn("dev wan", routes[0])
        self.assertEqual(resolv_conf(), self.resolv_conf_before)

    def test_reaches_the_relay_outside_the_tunnel(self):
        self.assertIn("dev wan", self.party.player.run("ip", "route", "get", RELAY))

    def test_pings_and_is_pinged_with_whole_frames(self):
        for size in (56, 1472):
            ping_all(self.party.player, FRIEND, 5, size)
            ping_all(self.party.friend, self.address, 5, size)

    def test_answers_and_gets_answers_to_arping(self):
        self.assertEqual(discovery.arping(self.party.player, TAP, FRIEND), 3)
        self.assertEqual(discovery.arping(self.party.friend, "eth0", self.address), 3)

    def test_finds_the_lan_with_nmap_and_is_found(self):
        # A player may ask 20 questions of a kind a second; the LAN as many as it likes, when they are for a player.
        found = discovery.scan(self.party.player, TAP, str(LAN), "--max-rate", "18")
        self.assertLessEqual({FRIEND, QUIET}, found)
        self.assertIn(self.address, discovery.scan(self.party.friend, "eth0", str(LAN)))

    def test_finds_a_game_announced_by_multicast_and_is_found(self):
        for announcing, nic, asking, asking_nic, address in (
                (self.party.friend, "eth0", self.party.player, TAP, FRIEND),
                (self.party.player, TAP, self.party.friend, "eth0", self.address)):
            with self.subTest(announcing=announcing.name):
                daemon = discovery.announce_by_mdns(announcing, nic)
                found = discovery.services(asking, asking_nic)
                daemon.stop()
                self.assertIn("27015/udp game", found)
                self.assertIn(f"Address={address}", found)

    def test_hears_what_a_friend_broadcasts_and_is_heard(self):
        for host, nic, other, other_nic in ((self.party.friend, "eth0", self.party.player, TAP),
                                            (self.party.player, TAP, self.party.friend, "eth0")):
            with Capture(other, other_nic, f"arp and ether broadcast and ether src {host.mac(nic)}") as seen:
                discovery.arping(host, nic, "10.77.0.99")
                seen.wait_for_packet(f"the broadcast of {host.name}")


class TwoPlayers(PartyCase):
    """One reaches the relay by IPv4, the other by IPv6."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        command = party.client_command(party.player2, "--virtual-mac", PLAYER2_MAC)
        command[command.index("--relay") + 1] = f"[{RELAY_IPV6}]:{RELAY_PORT}"
        cls.second = party.start_client_as(party.player2, command)
        party.give_address(party.player, "10.77.0.30")
        party.give_address(party.player2, "10.77.0.31")

    def test_reach_each_other_and_the_lan(self):
        ping_all(self.party.player, "10.77.0.31", 5, 1472)
        ping_all(self.party.player2, "10.77.0.30", 5, 1472)
        ping_all(self.party.player2, FRIEND, 5, 1472)

    def test_have_the_mac_they_ask_for(self):
        self.assertEqual(self.party.player2.mac(TAP), PLAYER2_MAC)

    def test_do_not_hear_each_others_unicast(self):
        ping_all(self.party.player, FRIEND, 1)
        with Capture(self.party.player2, TAP, "icmp") as overheard:
            ping_all(self.party.player, FRIEND, 3)
        self.assertEqual(overheard.packets(), [])


class APlayerWhoIsEarly(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_dhcp_server()
        party.start_relay()
        cls.client = party.player.spawn("client", *party.client_command(party.player, "--dhcp"))
        cls.client.wait_for_output("Joined room")

    def test_gets_an_address_as_soon_as_the_gateway_comes(self):
        self.assertIsNone(self.party.player.ipv4(TAP))
        self.party.start_gateway()
        self.party.lease(self.party.player, 5)
        ping_all(self.party.player, FRIEND, 3)


class Leaving(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all("--dhcp")
        party.lease(party.player)

    def test_ends_well_and_leaves_nothing_behind(self):
        for program in (self.client, self.party.gateway, self.party.relay):
            self.assertEqual(program.stop(), 0, program.name)
        self.assertIsNone(self.party.player.link(TAP))
        self.assertEqual(self.party.player.run("ip", "route", "show", "to", RELAY).strip(), "")
        self.assertEqual(self.party.gateway_host.link("lan")["promiscuity"], 0)
        with self.assertRaises(Failure):
            ping(self.party.player, FRIEND, 1)
        expected = {1} | {program.pid for program in self.party.lab.programs}
        wait_for("every helper program to end", lambda: running_processes().keys() <= expected)


if __name__ == "__main__":
    main()
