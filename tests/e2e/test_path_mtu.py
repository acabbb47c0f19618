"""Full frames pass whatever the internet path carries, and also when it silently narrows under them."""

import contextlib
import time

from case import PartyCase, main
from lab import Program, wait_for
from measure import ping_all
from party import FRIEND, RELAY, RELAY_PORT, TAP, Party
from steady import SteadyPing, Table, now
from udp_proxy import UdpProxy

PLAYER = "10.77.0.30"
BETWEEN = "203.0.113.40"  # what the player has on its way
HOME, ROUTER = "198.51.100.30", "198.51.100.1"
MTUS = (1500, 1492, 1460, 1420, 1280)
IP_AND_UDP = 28
FULL_PING = 1472  # always two datagrams
WHOLE_PING = 1372  # one datagram on a 1500-byte path,
WHOLE_PACKET = 1420  # longer than this; of probes there is a handful
RECOVERY = Table("Path MTU")


def tearDownModule() -> None:
    RECOVERY.print()


class WithAProxy(PartyCase):
    """What is too long for the proxy vanishes without a word, both ways."""

    proxy: UdpProxy
    client: Program

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        home = party.lab.host("home")
        party.lab.plug(home, "wan", party.internet, f"{BETWEEN}/24")
        cls.proxy = UdpProxy(home, BETWEEN, RELAY, RELAY_PORT)
        party.start_relay()
        party.start_gateway()
        cls.start_client(party)

    @classmethod
    def start_client(cls, party: Party) -> None:
        command = party.client_command(party.player)
        command[command.index("--relay") + 1] = cls.proxy.address
        cls.client = party.start_client_as(party.player, command)
        party.give_address(party.player, PLAYER)

    def narrow(self, mtu: int) -> None:
        self.proxy.tell(f"limit {mtu - IP_AND_UDP}")

    def start_afresh(self, mtu: int) -> None:
        self.client.stop()
        self.narrow(mtu)
        self.start_client(self.party)

    def assert_frames_travel_whole(self) -> None:
        self.proxy.longer(WHOLE_PACKET)
        passed = [0, 0]

        def enough() -> bool:
            for way, count in enumerate(self.proxy.longer(WHOLE_PACKET)):
                passed[way] += count
            return min(passed) >= 25

        wait_for("whole frames to pass both ways in one datagram", enough, 60)

    def test_1_a_player_comes_over_any_path(self):
        for mtu in MTUS:
            with self.subTest(mtu=mtu):
                self.start_afresh(mtu)
                ping_all(self.party.player, FRIEND, 5, FULL_PING)
                ping_all(self.party.friend, PLAYER, 5, FULL_PING)

    def test_2_the_path_narrows_under_a_flow_and_recovers(self):
        self.start_afresh(1500)
        for mtu in MTUS[1:]:
            with self.subTest(mtu=mtu):
                self.assert_flow_survives(mtu)

    def assert_flow_survives(self, mtu: int) -> None:
        joined = self.party.relay.output().count("member joined")
        self.narrow(1500)
        with (SteadyPing(self.party.player, FRIEND, WHOLE_PING, 0.02) as whole,
              SteadyPing(self.party.player, FRIEND, FULL_PING, 0.02) as full):
            self.assert_frames_travel_whole()
            began = now()
            self.narrow(mtu)
            for flow, what in ((whole, "frames in one datagram"), (full, "frames in two")):
                flow.wait_until_it_runs(now() + 2)
                RECOVERY.add_time(f"a silent fall to {mtu}, {what}: the longest silence", flow.longest_silence(began))
            widened = now()
            self.narrow(1500)
            self.assert_frames_travel_whole()
            RECOVERY.add_time(f"whole frames again after {mtu}", now() - widened)
        self.assertEqual(self.party.relay.output().count("member joined"), joined)


class WithARouter(PartyCase):
    """A router whose way on is narrow says so with ICMP."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.lay_out_router(party)
        party.start_relay()
        party.start_gateway()

    @classmethod
    def lay_out_router(cls, party: Party) -> None:
        router, player = party.lab.host("router"), party.player
        party.lab.plug(router, "wan", party.internet, f"{BETWEEN}/24")
        router.run("ip", "link", "add", "home", "type", "veth", "peer", "name", "home", "netns", player.name)
        router.set_sysctl("net.ipv4.ip_forward", 1)
        player.run("ip", "link", "set", "dev", "wan", "down")
        for host, address in ((router, ROUTER), (player, HOME)):
            host.run("ip", "addr", "add", f"{address}/24", "dev", "home")
            host.run("ip", "link", "set", "dev", "home", "up")
        player.run("ip", "route", "add", "default", "via", ROUTER)
        party.relay_host.run("ip", "route", "add", "198.51.100.0/24", "via", BETWEEN)
        cls.router = router

    def narrow(self, mtu: int) -> None:
        """Both ways, and on the way out: what comes in too long would be lost without a word."""
        for network, nic in (("203.0.113.0/24", "wan"), ("198.51.100.0/24", "home")):
            self.router.run("ip", "route", "replace", network, "dev", nic, "mtu", "lock", str(mtu))

    @contextlib.contextmanager
    def a_player_over(self, mtu: int):
        self.narrow(mtu)
        client = self.party.start_client()
        self.party.give_address(self.party.player, PLAYER)
        yield
        client.stop()
        wait_for("the TAP to go", lambda: not self.party.player.link(TAP))

    def test_a_player_comes_over_any_path(self):
        for mtu in MTUS:
            with self.subTest(mtu=mtu), self.a_player_over(mtu):
                ping_all(self.party.player, FRIEND, 5, FULL_PING)
                ping_all(self.party.friend, PLAYER, 5, FULL_PING)

    def test_the_path_narrows_under_a_flow(self):
        for mtu in MTUS[1:]:
            with (self.subTest(mtu=mtu), self.a_player_over(1500),
                  SteadyPing(self.party.player, FRIEND, WHOLE_PING, 0.02) as flow):
                time.sleep(1)  # the path's size is found
                began = now()
                self.narrow(mtu)
                flow.wait_until_it_runs(now() + 2)
                RECOVERY.add_time(f"a router's route falls to {mtu}, the longest silence", flow.longest_silence(began))


if __name__ == "__main__":
    main()
