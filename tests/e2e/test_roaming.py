"""What happens to a player's network or to a program is a short silence, never a new start.

Times are printed and no assertion: what is asserted is that traffic flows again, who had to rejoin, and as whom.
LANPARTY_LONG=1 adds a line that is down for five minutes.
"""

import os
import re
import signal
import time
import unittest

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import ping_all
from party import FRIEND, PLAYER_WAN, RELAY, RELAY_PORT, Party, python
from steady import SteadyPing, Table, now
from udp_proxy import UdpProxy

PLAYER = "10.77.0.30"
PROXY = "203.0.113.40"
OTHER_WAN = "203.0.113.130"
TCP_PORT = 7001
SETTLED = 3.0  # seconds
RECOVERY = Table("Traffic through the tunnel again after")
SILENT = "Nothing is heard from .*: waiting for the network"


def tearDownModule() -> None:
    RECOVERY.print()


def seats(relay: Program) -> list[tuple[str, str, str]]:
    """(role, MAC, peer id) of every "member joined" of this relay."""
    found = re.findall(r"member joined .*peer=(\d+) role=(\w+) .*mac=([0-9a-f:]+)", relay.output())
    return [(role, mac, peer) for peer, role, mac in found]


class Roaming(PartyCase):
    client: Program

    def setUp(self) -> None:
        ping_all(self.party.player, FRIEND, 2)
        self._heard = len(self.client.output())

    def said(self) -> str:
        """What the client's screen says since the test began."""
        return self.client.output()[self._heard:]

    def assert_nobody_rejoins(self, before: list) -> None:
        self.assertEqual(seats(self.party.relay), before)
        self.assertNotIn("lost", self.said())


class BehindANat(Roaming):
    """A proxy is the player's NAT."""

    proxy: UdpProxy

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        home = party.lab.host("home")
        party.lab.plug(home, "wan", party.internet, f"{PROXY}/24")
        cls.proxy = UdpProxy(home, PROXY, RELAY, RELAY_PORT)
        party.start_relay()
        party.start_gateway()
        command = party.client_command(party.player)
        command[command.index("--relay") + 1] = cls.proxy.address
        cls.client = party.start_client_as(party.player, command)
        party.give_address(party.player, PLAYER)

    def test_a_rebinding_is_not_noticed(self):
        self.assert_short_silence("NAT rebinding", self.party.player, FRIEND)

    def test_a_rebinding_is_not_noticed_by_the_lan_either(self):
        self.assert_short_silence("NAT rebinding, asked from the LAN", self.party.friend, PLAYER)

    def test_rebindings_in_a_row_are_not_noticed(self):
        before = seats(self.party.relay)
        with SteadyPing(self.party.player, FRIEND) as flow:
            began = now()
            for _ in range(5):
                self.proxy.tell("rebind")
                flow.wait_until_it_runs(now())
            RECOVERY.add_time("five NAT rebindings in a row, the worst", flow.longest_silence(began))
        self.assert_nobody_rejoins(before)

    def assert_short_silence(self, what: str, host: Host, target: str) -> None:
        before = seats(self.party.relay)
        with SteadyPing(host, target) as flow:
            began = now()
            self.assertEqual(self.proxy.tell("rebind"), "1 new source ports")
            flow.wait_until_it_runs(now() + 1)
            RECOVERY.add_time(what, flow.longest_silence(began))
        self.assert_nobody_rejoins(before)


class OnTheMove(Roaming):
    """The player's machine gets another address, and goes from one network to another."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.give_address(party.player, PLAYER)

    def test_1_another_address_on_the_same_interface(self):
        player = self.party.player
        player.set_sysctl("net.ipv4.conf.wan.promote_secondaries", 1)

        def move():
            player.run("ip", "addr", "add", f"{OTHER_WAN}/24", "dev", "wan")
            player.run("ip", "addr", "del", f"{PLAYER_WAN}/24", "dev", "wan")

        self.assert_migrates("another address", move)

    def test_2_another_interface(self):
        player = self.party.player
        player.run("ip", "link", "add", "wifi", "type", "veth", "peer", "name", "player-wifi", "netns", "internet")
        self.party.internet.run("ip", "link", "set", "dev", "player-wifi", "master", "br0", "up")
        player.run("ip", "link", "set", "dev", "wifi", "up")

        def move():
            player.run("ip", "addr", "add", f"{PLAYER_WAN}/24", "dev", "wifi", "noprefixroute")
            player.run("ip", "route", "replace", "203.0.113.0/24", "dev", "wifi", "src", PLAYER_WAN)
            player.run("ip", "addr", "flush", "dev", "wan")

        self.assert_migrates("another interface", move)

    def assert_migrates(self, what: str, move) -> None:
        before = seats(self.party.relay)
        with SteadyPing(self.party.player, FRIEND) as flow:
            began = now()
            move()
            flow.wait_until_it_runs(now() + 1)
            RECOVERY.add_time(what, flow.longest_silence(began))
        self.assert_nobody_rejoins(before)


class AfterAnInterruption(Roaming):
    """Something stands still or is gone for a while, and comes back."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.give_address(party.player, PLAYER)

    def test_a_relay_killed_and_restarted(self):
        before = self.present()
        server = self.party.friend.spawn("tcp-server", python(), self.tcp_count(), "serve", str(TCP_PORT))
        server.wait_for_output("open")
        counter = self.party.player.spawn("tcp-client", python(), self.tcp_count(), "count", FRIEND, str(TCP_PORT))
        counter.wait_for_output(r"(?m)^10$")
        with SteadyPing(self.party.player, FRIEND) as flow:
            self.party.relay.kill()
            wait_for("the client to say that it tries again", lambda: "Trying again" in self.said())
            time.sleep(1)
            counted = int(counter.output().split()[-1])
            self.party.start_relay()
            listening = now()
            wait_for("both to be back", lambda: len(seats(self.party.relay)) >= 2, 20)
            flow.wait_until_it_runs(listening)
            RECOVERY.add_time("relay killed and restarted, since it listens",
                              next(when for when, _ in flow.answers() if when > listening) - listening)
            counter.wait_for_output(rf"(?m)^{counted + 2}$", 30)
            RECOVERY.add_time("the same, a TCP connection in it", now() - listening)
        self.assertEqual(self.present(), before)
        for program in (counter, server):
            self.assertTrue(program.is_running())
            program.kill()

    def test_b_client_stopped_for_five_seconds(self):
        self.assert_recovers("client stopped for 5 s", self.stopped(self.client))

    def test_c_gateway_stopped_for_five_seconds(self):
        self.assert_recovers("gateway stopped for 5 s", self.stopped(self.party.gateway))

    def test_d_relay_stopped_for_five_seconds(self):
        self.assert_recovers("relay stopped for 5 s", self.stopped(self.party.relay))
        self.assertRegex(self.said(), SILENT)

    def test_e_line_down_for_ten_seconds(self):
        self.assert_recovers("line down for 10 s", lambda: self.line_down(10))
        self.assertRegex(self.said(), SILENT)

    @unittest.skipUnless(os.environ.get("LANPARTY_LONG"), "LANPARTY_LONG=1 runs it")
    def test_f_line_down_for_five_minutes(self):
        self.assert_recovers("line down for 5 min", lambda: self.line_down(300))
        self.assertRegex(self.said(), SILENT)

    def test_g_gateway_killed_and_restarted(self):
        before = self.present()
        with SteadyPing(self.party.player, FRIEND) as flow:
            killed = now()
            self.party.gateway.kill()
            self.party.start_gateway()
            flow.wait_until_it_runs(now())
            RECOVERY.add_time("gateway killed and restarted, since it was killed", flow.longest_silence(killed))
        self.assertEqual(self.present(), before)
        wait_for("the client to say that the gateway is back", lambda: "The gateway Hall is here" in self.said())

    def test_h_not_one_frame_is_lost_once_a_stopped_program_goes_on(self):
        for what, program in (("client", self.client), ("gateway", self.party.gateway), ("relay", self.party.relay)):
            with self.subTest(stopped=what):
                self.stopped(program)()
                began = now()
                said = self.party.player.run("ping", "-n", "-c", "1", "-W", "3", FRIEND, check=False)
                self.assertIn(" 1 received", said)
                RECOVERY.add_time(f"{what} stopped for 5 s, one ping sent as it goes on", now() - began)
                ping_all(self.party.player, FRIEND, 2)

    def assert_recovers(self, what: str, happen) -> None:
        """Notes the time from the end of what happens until traffic flows; everyone keeps seat and MAC."""
        before = self.present()
        with SteadyPing(self.party.player, FRIEND) as flow:
            happen()
            ended = now()
            flow.wait_until_it_runs(ended + SETTLED, 30)  # what was queued meanwhile proves nothing
            RECOVERY.add_time(what + ", the longest silence since it ended", flow.silence_after(ended))
        self.assertEqual(self.present(), before)

    def present(self) -> dict[str, tuple[str, str]]:
        """MAC and peer id of whoever joined last in each role."""
        return {role: (mac, peer) for role, mac, peer in seats(self.party.relay)}

    def stopped(self, program: Program):
        def happen():
            os.kill(program.pid, signal.SIGSTOP)
            time.sleep(5)
            os.kill(program.pid, signal.SIGCONT)

        return happen

    def line_down(self, seconds: float) -> None:
        self.party.internet.run("ip", "link", "set", "dev", "player", "down")
        wait_for("the client to say that it waits", lambda: re.search(SILENT, self.said()), seconds)
        time.sleep(seconds)
        self.party.internet.run("ip", "link", "set", "dev", "player", "up")

    @staticmethod
    def tcp_count() -> str:
        return os.path.join(os.path.dirname(os.path.abspath(__file__)), "tcp_count.py")


if __name__ == "__main__":
    main()
