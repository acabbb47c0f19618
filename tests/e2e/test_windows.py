"""The Windows client is plugged into the LAN's switch as the Linux one is (under Wine, with a double of the driver)."""

import time

import windows_pc
from case import PartyCase, main
from lab import wait_for
from measure import ping_all
from numbered_frames import AS_SENT, exchange_frames
from party import FRIEND, TAP, Party
from windows_pc import BUILT_IN_MAC, WindowsPc

FRAMES = 100_000
RATE = 500  # a second, each way


class APlayerOnWindows(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_dhcp_server()
        party.start_relay()
        party.start_gateway()
        cls.pc = WindowsPc(party)
        cls.addClassCleanup(cls.pc.close)
        cls.client = cls.pc.start_client()
        cls.pc.ask_for_address()
        cls.address = party.lease(party.player, 30)

    def test_has_the_mac_of_its_identity(self):
        mac = self.party.player.mac(TAP)
        self.assertNotEqual(mac, BUILT_IN_MAC)
        self.assertEqual(self.pc.network_address(), mac.replace(":", "").upper())

    def test_leases_its_address_from_the_lans_dhcp_server(self):
        self.assertIn(f"{self.party.player.mac(TAP)} {self.address} ", (self.party.files / "leases").read_text())

    def test_pings_and_is_pinged_with_whole_frames(self):
        for size in (56, 1472):
            ping_all(self.party.player, FRIEND, 5, size)
            ping_all(self.party.friend, self.address, 5, size)

    def test_exchanges_frames_without_losing_one(self):
        heard = exchange_frames((self.party.player, TAP), (self.party.friend, "eth0"), FRAMES, RATE)
        self.assertEqual(heard, [{"right": FRAMES, **AS_SENT}] * 2)

    def test_survives_a_restart_of_the_relay(self):
        self.party.relay.kill()
        time.sleep(1)
        self.party.start_relay()
        wait_for("the friend to answer again", lambda: " 1 received" in self.party.player.run(
            "ping", "-n", "-c", "1", "-W", "1", FRIEND, check=False), 60)
        ping_all(self.party.player, FRIEND, 5)

    def test_z_says_so_and_ends_when_its_adapter_is_removed(self):
        self.pc.provoke("remove")
        self.assertEqual(self.client.wait(60), 1)
        self.assertIn('the adapter "softlan" was disabled or removed', self.client.output())


class APcThatIsNotAsItShouldBe(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        cls.pc = WindowsPc(party, adapter="OpenVPN TAP-Windows6", version="9.24.0.0")
        cls.addClassCleanup(cls.pc.close)

    def say(self, *flags: str) -> str:
        client = self.pc.spawn_client(*flags)
        self.assertEqual(client.wait(60), 1)
        return client.output()

    def test_keeps_its_adapters_when_none_is_named(self):
        said = self.say()
        self.assertIn('"OpenVPN TAP-Windows6" may belong to another program', said)
        self.assertIn("--adapter", said)

    def test_is_told_which_adapters_there_are(self):
        self.assertIn('there is no TAP adapter called "party"', self.say("--adapter", "party"))

    def test_is_told_that_its_driver_is_too_old(self):
        self.assertIn("the TAP driver is version 9.24", self.say("--adapter", "OpenVPN TAP-Windows6"))


if __name__ == "__main__":
    windows_pc.leave_without_wine()
    main()
