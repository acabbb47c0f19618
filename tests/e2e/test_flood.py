"""Ten thousand packets of nonsense a second cost the relay neither a member nor memory."""

import pathlib
import re

from case import PartyCase, main
from measure import ping_all
from party import FRIEND, PLAYER2_MAC, RELAY, RELAY_PORT, Party, python
from steady import SteadyPing, Table, now

JUNK = pathlib.Path(__file__).with_name("junk.py")
PLAYER, PLAYER2 = "10.77.0.30", "10.77.0.31"
SENDERS, RATE, SECONDS = 2, 5000, 30
MEBIBYTE = 1 << 20
FLOOD = Table(f"{SENDERS * RATE} junk packets a second for {SECONDS} s")


def tearDownModule() -> None:
    FLOOD.print()


class AFlood(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.give_address(party.player, PLAYER)

    def peak_memory(self) -> int:
        status = pathlib.Path(f"/proc/{self.party.relay.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def received(self) -> int:
        """UDP packets the relay's socket has taken."""
        titles, values = (line.split() for line in self.party.relay_host.run("cat", "/proc/net/snmp").splitlines()
                          if line.startswith("Udp:"))
        return int(values[titles.index("InDatagrams")])

    def test_of_junk_costs_neither_a_member_nor_memory(self):
        joined = self.party.relay.output().count("member joined")
        before, received_before = self.peak_memory(), self.received()
        with SteadyPing(self.party.player, FRIEND) as flow:
            began = now()
            sent = self.flood()
            flow.wait_until_it_runs(now(), 30)
            FLOOD.add_time("longest silence of a flow of pings", flow.longest_silence(began))
            FLOOD.add("pings lost", str(flow.lost()))
        after = self.peak_memory()
        FLOOD.add("junk packets sent", f"{sent} ({sent / SECONDS:.0f}/s)")
        FLOOD.add("packets the relay took", str(self.received() - received_before))
        FLOOD.add("peak memory of the relay before", f"{before / MEBIBYTE:.1f} MiB")
        FLOOD.add("peak memory of the relay after", f"{after / MEBIBYTE:.1f} MiB")
        self.assertLess(after, 150 * MEBIBYTE)
        self.assertLess(after - before, 50 * MEBIBYTE)
        self.assertEqual(self.party.relay.output().count("member joined"), joined)
        self.assertNotIn("member left", self.party.relay.output())
        self.assert_a_new_member_joins()

    def flood(self) -> int:
        senders = [self.party.player2.spawn(f"junk-{number}", python(), str(JUNK), RELAY, str(RELAY_PORT), str(RATE),
                                            str(SECONDS)) for number in range(SENDERS)]
        return sum(int(sender.wait_for_output(r"sent (\d+)", SECONDS + 60)[1]) for sender in senders)

    def assert_a_new_member_joins(self) -> None:
        self.party.start_client(self.party.player2, "--virtual-mac", PLAYER2_MAC)
        self.party.give_address(self.party.player2, PLAYER2)
        ping_all(self.party.player2, FRIEND, 5)


if __name__ == "__main__":
    main()
