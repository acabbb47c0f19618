"""The laboratory itself: it behaves like the network it stands for, before any of our programs is in it."""

import lab
from case import PartyCase, main
from lab import Failure
from measure import Capture, iperf3, ping, ping_all
from party import FRIEND, QUIET, RELAY, TAP


class Laboratory(PartyCase):
    def test_hosts_of_one_switch_reach_each_other(self):
        ping_all(self.party.dhcp, FRIEND, 3, size=1472)
        ping_all(self.party.player, RELAY, 3)
        ping_all(self.party.player, "2001:db8::10", 3)

    def test_the_player_does_not_reach_the_lan(self):
        with self.assertRaises(Failure):
            ping(self.party.player, FRIEND, 1)

    def test_the_switch_learns_a_port_and_then_keeps_others_quiet(self):
        ping_all(self.party.dhcp, FRIEND, 2)
        self.assertEqual(self.party.lan.port_of(self.party.friend.mac("eth0")), "friend")
        with Capture(self.party.quiet, "eth0", f"icmp and host {FRIEND}") as overheard:
            ping_all(self.party.dhcp, FRIEND, 3)
        self.assertEqual(overheard.packets(), [])

    def test_a_capture_sees_what_passes(self):
        with Capture(self.party.friend, "eth0", "icmp") as seen:
            ping_all(self.party.quiet, FRIEND, 2)
        self.assertGreaterEqual(len(seen.packets()), 4)
        self.assertIn(QUIET, seen.packets()[0])

    def test_iperf3_measures_both_ways(self):
        for flags in ((), ("-R",), ("-u", "-b", "50M")):
            flow = iperf3(self.party.friend, self.party.dhcp, FRIEND, *flags, seconds=1)
            self.assertGreater(flow.megabits_per_second, 30)

    def test_the_dhcp_server_leases_to_a_host_of_the_lan(self):
        self.party.start_dhcp_server()
        said = self.party.friend.run("nmap", "--script", "broadcast-dhcp-discover", "--script-args",
                                    "broadcast-dhcp-discover.timeout=3", "-e", "eth0")
        self.assertRegex(said, r"IP Offered: 10\.77\.0\.1\d\d")

    def test_a_tap_can_be_made_here(self):
        self.party.player.run("ip", "tuntap", "add", "dev", TAP, "mode", "tap")
        self.assertIsNotNone(self.party.player.link(TAP))
        self.party.player.run("ip", "link", "del", "dev", TAP)

    def test_only_what_it_started_runs_in_here(self):
        started = {1} | {program.pid for program in self.party.lab.programs}
        self.assertLessEqual(lab.running_processes().keys(), started)


if __name__ == "__main__":
    main()
