"""Bulk traffic in both directions over veth pairs with their default offloads, and every checksum right."""

import re

from case import PartyCase, main
from measure import Capture, iperf3, ping_all
from party import FRIEND, TAP, Party

PLAYER = "10.77.0.30"
BAD_CHECKSUM = re.compile(r"bad (udp |tcp |icmp )?cksum|incorrect", re.IGNORECASE)


class BulkTraffic(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        ping_all(party.player, FRIEND, 1)

    def report(self, what: str, flow) -> None:
        print(f"{what}: {flow.megabits_per_second:.0f} Mbit/s, {flow.lost_percent:.1f} % lost", flush=True)

    def test_tcp_flows_to_the_lan_and_from_it(self):
        for what, flags in (("TCP to the LAN", ()), ("TCP from the LAN", ("-R",))):
            with self.subTest(what):
                flow = iperf3(self.party.friend, self.party.player, FRIEND, *flags)
                self.report(what, flow)
                self.assertGreater(flow.megabits_per_second, 50)

    def test_udp_flows_to_the_lan_and_from_it(self):
        for what, flags in (("UDP to the LAN", ()), ("UDP from the LAN", ("-R",))):
            with self.subTest(what):
                flow = iperf3(self.party.friend, self.party.player, FRIEND, "-u", "-b", "20M", "-l", "1472", *flags)
                self.report(what, flow)
                self.assertGreater(flow.megabits_per_second, 18)
                self.assertLess(flow.lost_percent, 2)

    def test_several_tcp_flows_from_a_lan_host_that_connects(self):
        flow = iperf3(self.party.player, self.party.friend, PLAYER, "-P", "4")
        self.report("TCP, four flows, the LAN connects", flow)
        self.assertGreater(flow.megabits_per_second, 50)

    def test_every_checksum_is_right_where_frames_arrive(self):
        for host, nic, sender, flags in ((self.party.friend, "eth0", PLAYER, ()),
                                         (self.party.player, TAP, FRIEND, ("-R",))):
            for kind, more in (("tcp", ()), ("udp", ("-u", "-b", "10M"))):
                with self.subTest(receiver=host.name, kind=kind):
                    with Capture(host, nic, f"{kind} and src host {sender}", incoming=True, limit=3000) as seen:
                        iperf3(self.party.friend, self.party.player, FRIEND, *flags, *more, seconds=1)
                    packets = seen.packets()
                    self.assertGreater(len(packets), 200)
                    self.assertEqual([packet for packet in packets if BAD_CHECKSUM.search(packet)][:3], [])


if __name__ == "__main__":
    main()
