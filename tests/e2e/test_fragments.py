"""Whole LAN frames pass whatever the internet path between members and relay carries."""


import pathlib
import sys

from case import PartyCase, main
from lab import Failure, Host, wait_for
from measure import Capture, iperf3, ping, ping_all
from party import FRIEND, PLAYER_WAN, TAP, Party

TAGGED = pathlib.Path(__file__).with_name("tagged.py")
NARROW = 1280
PLAYER = "10.77.0.30"


def send_tagged(host: Host, nic: str, destination: str, tags: int, size: int) -> None:
    host.run(sys.executable, str(TAGGED), nic, destination, str(tags), str(size), "5")


def raise_mtu(host: Host, nic: str) -> None:
    """To what a second VLAN tag needs."""
    host.run("ip", "link", "set", "dev", nic, "mtu", "1504")


class OnANarrowPath(PartyCase):
    """The interfaces themselves say that the path is narrow."""

    @classmethod
    def narrow(cls, party: Party) -> None:
        for host in (party.relay_host, party.gateway_host, party.player):
            host.run("ip", "link", "set", "dev", "wan", "mtu", str(NARROW))

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.narrow(party)
        settings = party.files / "relay.toml"
        settings.write_text("guards.vlan = false\n")  # players may send what a switch's own ports may
        party.start_relay("--config", str(settings))
        party.start_gateway()
        party.start_client(party.player)
        party.give_address(party.player, PLAYER)

    def test_the_path_is_indeed_narrow(self):
        with self.assertRaises(Failure):
            ping(self.party.relay_host, PLAYER_WAN, 1, NARROW)

    def test_full_frames_pass_both_ways(self):
        ping_all(self.party.player, FRIEND, 5, 1472)
        ping_all(self.party.friend, PLAYER, 5, 1472)

    def test_full_tagged_frames_pass_both_ways(self):
        self.assert_tagged_frames_pass(1, 1518)

    def test_frames_of_1522_bytes_with_two_tags_pass_both_ways(self):
        raise_mtu(self.party.player, TAP)
        raise_mtu(self.party.gateway_host, "lan")
        raise_mtu(self.party.friend, "eth0")
        for port in ("gateway", "friend"):
            raise_mtu(self.party.lan, port)
        self.assert_tagged_frames_pass(2, 1522)

    def assert_tagged_frames_pass(self, tags: int, size: int) -> None:
        ping_all(self.party.player, FRIEND, 1)  # the switch knows both
        ends = ((self.party.player, TAP), (self.party.friend, "eth0"))
        for (sender, nic), (receiver, other_nic) in (ends, ends[::-1]):
            with self.subTest(sender=sender.name):
                with Capture(receiver, other_nic, f"vlan and ether src {sender.mac(nic)}") as seen:
                    send_tagged(sender, nic, receiver.mac(other_nic), tags, size)
                    wait_for("five tagged frames", lambda: len(seen.packets()) == 5, 5)
                for packet in seen.packets():
                    self.assertIn(f"length {size}: vlan 7", packet)

    def test_every_size_of_frame_passes(self):
        for size in range(1100, 1473, 31):
            ping_all(self.party.player, FRIEND, 1, size)

    def test_bulk_traffic_passes_both_ways(self):
        for flags in ((), ("-R",)):
            flow = iperf3(self.party.friend, self.party.player, FRIEND, *flags, seconds=2)
            self.assertGreater(flow.megabits_per_second, 20)
        flow = iperf3(self.party.friend, self.party.player, FRIEND, "-u", "-b", "10M", "-l", "1472", seconds=2)
        self.assertLess(flow.lost_percent, 2)


class ThroughABlackHole(OnANarrowPath):
    """Only a cable on the way is narrow, and swallows what is too long without a word."""

    @classmethod
    def narrow(cls, party: Party) -> None:
        for host in (party.relay_host, party.gateway_host, party.player):
            party.internet.run("ip", "link", "set", "dev", host.name, "mtu", str(NARROW))


if __name__ == "__main__":
    main()
