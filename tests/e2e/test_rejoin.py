"""A program that dies is missed only for a moment: the others rejoin, its successor takes the seat back."""

import time

from case import PartyCase, main
from lab import Program, running_processes, wait_for
from measure import ping_all
from party import FRIEND, TAP, Party, has_carrier

PLAYER = "10.77.0.30"


class AfterAKill(PartyCase):
    client: Program

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.give_address(party.player, PLAYER)

    def setUp(self) -> None:
        ping_all(self.party.player, FRIEND, 2)

    def back_after(self, what: str, began: float, seconds: float = 60) -> float:
        """Seconds from `began` until the friend answers the player again; it goes on answering."""
        wait_for("the friend to answer the player again", lambda: " 1 received" in self.party.player.run(
            "ping", "-n", "-c", "1", "-W", "0.3", FRIEND, check=False), seconds)
        took = time.monotonic() - began
        ping_all(self.party.player, FRIEND, 5)
        print(f"{what}: traffic again after {took:.1f} s", flush=True)
        return took

    def test_of_the_relay_the_members_rejoin_by_themselves(self):
        client, gateway = self.client.pid, self.party.gateway.pid
        self.party.relay.kill()
        time.sleep(1)
        began = time.monotonic()
        self.party.start_relay()
        self.back_after("relay killed and started", began)
        self.assertEqual((self.client.pid, self.party.gateway.pid), (client, gateway))
        self.assertTrue(self.client.is_running() and self.party.gateway.is_running())

    def test_of_the_relay_the_client_unplugs_its_cable_meanwhile(self):
        self.party.relay.kill()
        wait_for("the client's TAP to lose its carrier", lambda: not has_carrier(self.client, self.party.player), 60)
        began = time.monotonic()
        self.party.start_relay()
        self.back_after("relay gone for long", began)
        self.assertTrue(has_carrier(self.client, self.party.player))

    def test_of_the_gateway_its_successor_takes_the_room_back_at_once(self):
        self.party.gateway.kill()
        began = time.monotonic()
        self.party.start_gateway()
        self.assertLess(self.back_after("gateway killed and started", began), 10)

    def test_of_the_client_its_successor_takes_the_seat_back_at_once(self):
        mac = self.party.player.mac(TAP)
        self.client.kill()
        wait_for("the dead client's TAP to go", lambda: not self.party.player.link(TAP), 2)
        began = time.monotonic()
        type(self).client = self.party.start_client()
        self.party.give_address(self.party.player, PLAYER)
        self.assertLess(self.back_after("client killed and started", began), 5)
        self.assertEqual(self.party.player.mac(TAP), mac)

    def test_z_nothing_is_left_when_all_have_ended(self):
        for program in (self.client, self.party.gateway, self.party.relay):
            self.assertEqual(program.stop(), 0, program.name)
        self.assertIsNone(self.party.player.link(TAP))
        expected = {1} | {program.pid for program in self.party.lab.programs if program.is_running()}
        wait_for("every process to end", lambda: running_processes().keys() <= expected)


class ADhcpServerThatIsKilledAndStarted(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.server = party.start_dhcp_server("2m")  # the shortest there is: renewed after a minute
        party.start_relay()
        party.start_gateway()
        party.start_client(party.player, "--dhcp")
        cls.address = party.lease(party.player)

    def test_renews_the_leases_it_gave(self):
        self.server.kill()
        ping_all(self.party.player, FRIEND, 2)
        server = self.party.start_dhcp_server("2m")
        mac = self.party.player.mac(TAP)
        server.wait_for_output(rf"DHCPACK\(eth0\) {self.address} {mac}", 90)
        self.assertEqual(self.party.player.ipv4(TAP), self.address)
        ping_all(self.party.player, FRIEND, 2)


if __name__ == "__main__":
    main()
