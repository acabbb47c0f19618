"""Loops made on purpose: the LAN does not melt, the organiser is told, and all is well again when the loop is gone."""

import time

from case import PartyCase, main
from lab import Host, Program, Switch, wait_for
from measure import Capture, ping_all
from party import ROOM, TAP, Party, is_seated

PLAYER = "10.77.0.30"
NOBODY = "10.77.0.99"
OTHER_ROOM = "PARTY2"
THROUGH_ROOM = r"player passes what is meant for players back to this LAN"  # it is named
IN_LAN = r"The LAN has a loop"
GONE = r"The loop is gone"
MOST_OF_A_LOOP = 1500  # frames, until it is found; without a watch it would be thousands a second for ever
MOST_WHEN_STOPPED = 30  # in two seconds: the friend's questions and some beacons


def bridge_tap(player: Host, nic: str = "cable") -> None:
    """As a player would who wants to "share" the network: the TAP and a network card in one bridge."""
    player.run("ip", "link", "add", "br0", "type", "bridge")
    for family in ("ip", "ip6", "arp"):
        player.set_sysctl(f"net.bridge.bridge-nf-call-{family}tables", 0)
    for port in (TAP, nic):
        player.run("ip", "link", "set", "dev", port, "master", "br0", "up")
    player.run("ip", "link", "set", "br0", "up")


def unbridge(player: Host) -> None:
    player.run("ip", "link", "del", "br0")


class LoopCase(PartyCase):
    gateway: Program

    def setUp(self) -> None:
        # Somebody in the hall asks for somebody who is not there, once a second: a broadcast that would go round.
        asking = self.party.friend.spawn("asking", "ping", "-n", "-i", "0.5", NOBODY)
        self.addCleanup(asking.stop)

    def quiet_port_hears(self, seconds: float) -> int:
        with Capture(self.party.quiet, "eth0", "", incoming=True, limit=100_000) as heard:
            time.sleep(seconds)
        return len(heard.packets())

    def room_hears(self, seconds: float) -> int:
        with Capture(self.party.player, TAP, "", incoming=True, limit=100_000) as heard:
            time.sleep(seconds)
        return len(heard.packets())

    def players_and_hall_talk(self) -> None:
        ping_all(self.party.friend, PLAYER, 3)


class AnAdapterBridgedBackToTheLan(LoopCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        party.lab.plug(party.player, "cable", party.lan)

    def test_is_found_told_and_over_when_it_is_taken_apart(self):
        self.players_and_hall_talk()
        bridge_tap(self.party.player)
        self.assertLess(self.quiet_port_hears(5), MOST_OF_A_LOOP)
        self.party.gateway.wait_for_output(THROUGH_ROOM, 5)
        self.assertLess(self.quiet_port_hears(2), MOST_WHEN_STOPPED)
        self.assertNotRegex(self.party.gateway.output(), GONE)
        unbridge(self.party.player)
        self.party.gateway.wait_for_output(GONE, 15)
        self.players_and_hall_talk()


class ACableLoop(LoopCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)

    def plug_a_loop(self) -> None:
        """A cable from one port of the switch to another, which carries a megabit each way."""
        lan = self.party.lan
        lan.run("ip", "link", "add", "loop0", "type", "veth", "peer", "name", "loop1")
        for end in ("loop0", "loop1"):
            lan.run("tc", "qdisc", "add", "dev", end, "root", "tbf", "rate", "1mbit", "burst", "2kb", "latency", "50ms")
            lan.run("ip", "link", "set", "dev", end, "master", "br0", "up")

    def test_keeps_the_players_out_of_it_until_it_is_unplugged(self):
        self.players_and_hall_talk()
        self.plug_a_loop()
        self.party.gateway.wait_for_output(IN_LAN, 10)
        self.assertLess(self.room_hears(3), 100)
        self.assertNotRegex(self.party.gateway.output(), GONE)
        self.party.lan.run("ip", "link", "del", "loop0")
        self.party.gateway.wait_for_output(GONE, 15)
        self.players_and_hall_talk()


class TwoRooms(LoopCase):
    """A second gateway, and a second switch for what it bridges."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        cls.other_lan: Switch = party.lab.switch("lan2")
        cls.gateway2 = party.lab.host("gateway2")
        party.lab.plug(cls.gateway2, "wan", party.internet, "203.0.113.21/24", "2001:db8::21/64")

    def start_second_gateway(self) -> Program:
        command = self.of_other_room(self.party.member_command(
            "lanparty-gateway", "--interface", "lan", "--identity", str(self.party.files / "gateway2.identity")))
        program = self.gateway2.spawn("gateway2", *command)
        wait_for("the second gateway to be seated", lambda: is_seated(program), 15)
        return program

    @staticmethod
    def of_other_room(command: list[str]) -> list[str]:
        return [OTHER_ROOM if word == ROOM else word for word in command]

    def test_a_on_one_lan_are_fine_and_said(self):
        self.party.lab.plug(self.gateway2, "lan", self.party.lan)
        second = self.start_second_gateway()
        for gateway in (self.party.gateway, second):
            gateway.wait_for_output(r"Another softlan gateway is on this LAN", 10)
        self.players_and_hall_talk()
        self.assertEqual(second.stop(), 0)
        self.gateway2.run("ip", "link", "del", "lan")

    def test_b_that_bridge_the_same_two_lans_find_their_loop(self):
        party = self.party
        party.lab.plug(self.gateway2, "lan", self.other_lan)
        second = self.start_second_gateway()
        party.start_client_as(party.player2, self.of_other_room(party.client_command(party.player2)))
        party.lab.plug(party.player, "cable", self.other_lan)
        party.lab.plug(party.player2, "cable", party.lan)
        bridge_tap(party.player)
        bridge_tap(party.player2)
        self.assertLess(self.quiet_port_hears(5), MOST_OF_A_LOOP)
        wait_for("a gateway to find the loop",
                 lambda: any("passes what is meant for players" in each.output() for each in (party.gateway, second)), 5)
        self.assertTrue("player passes" in party.gateway.output() or "player2 passes" in second.output(),
                        "each room's own player is the one to look for")
        self.assertLess(self.quiet_port_hears(2), MOST_WHEN_STOPPED)
        unbridge(party.player2)
        unbridge(party.player)
        for gateway in (party.gateway, second):
            if "passes what is meant for players" in gateway.output():
                gateway.wait_for_output(GONE, 15)
        self.players_and_hall_talk()


if __name__ == "__main__":
    main()
