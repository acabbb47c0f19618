"""How the Windows client comes by its adapter (under Wine, with doubles of the driver and of its tool)."""

import windows_pc
from case import PartyCase, main
from lab import wait_for
from party import Party, is_seated
from windows_pc import CLASS, GUID, LUID, NETWORK, WAN_LUID, WindowsPc


class APcWithoutAnAdapter(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        cls.pc = WindowsPc(party, adapter=None)
        cls.addClassCleanup(cls.pc.close)

    def say(self, *environment: str) -> str:
        client = self.pc.spawn_client(environment=environment)
        self.assertEqual(client.wait(60), 1)
        return client.tail(1)

    def test_1_is_told_what_to_install(self):
        self.assertIn("the TAP-Windows6 driver is missing; install it", self.say())

    def test_2_is_told_why_the_drivers_tool_makes_none(self):
        self.pc.install_driver_tool()
        self.assertRegex(self.say("SOFTLAN_TAPCTL=refuse"),
                         r"tapctl\.exe failed with exit code 1: The driver is blocked \(error 0x3\)\.$")

    def test_3_gets_one_called_softlan_and_plays_with_it(self):
        client = self.pc.spawn_client()
        wait_for("a seat", lambda: is_seated(client), 30)
        self.assertIn('REG_SZ    softlan', self.pc.run("reg", "query", f"{NETWORK}\\{GUID}\\Connection", "/v", "Name"))
        self.assertIn("NetworkAddress", self.pc.run("reg", "query", CLASS + "\\0007"))
        self.pc.run("end.exe", windows_pc.PROGRAM, "close")
        self.assertEqual(client.wait(), 0)

    def test_4_keeps_it_for_the_next_time(self):
        client = self.pc.spawn_client(environment=("SOFTLAN_TAPCTL=refuse",))
        wait_for("a seat", lambda: is_seated(client), 30)
        self.pc.run("end.exe", windows_pc.PROGRAM, "close")
        self.assertEqual(client.wait(), 0)

    def test_5_hears_that_its_home_has_the_partys_addresses(self):
        with self.pc.networks.open("a") as networks:
            networks.write(f"address {WAN_LUID} 10.77.0.99 24\naddress {LUID} 10.77.0.30 24\n")
        client = self.pc.spawn_client()
        client.wait_for_output("Your home network and the party both use 10.77.0.0/24", 30)
        self.pc.run("end.exe", windows_pc.PROGRAM, "close")
        self.assertEqual(client.wait(), 0)


class APcWithAnotherProgramsAdapter(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        cls.pc = WindowsPc(party, adapter="OpenVPN TAP-Windows6")
        cls.addClassCleanup(cls.pc.close)
        cls.pc.install_driver_tool()

    def say(self, *flags: str, environment: tuple[str, ...] = ()) -> str:
        client = self.pc.spawn_client(*flags, environment=environment)
        self.assertEqual(client.wait(60), 1)
        return client.tail(1)

    def test_keeps_it_when_no_other_can_be_made(self):
        before = self.pc.settings()
        said = self.say(environment=("SOFTLAN_TAPCTL=refuse",))
        self.assertIn("The driver is blocked (error 0x3)", said)
        self.assertIn('"OpenVPN TAP-Windows6" may belong to another program', said)
        self.assertEqual(self.pc.settings(), before)

    def test_is_told_when_that_program_uses_it(self):
        other = self.pc.hold_adapter()
        self.addCleanup(other.kill)
        said = self.say("--adapter", "OpenVPN TAP-Windows6")
        self.assertIn('another program uses the adapter "OpenVPN TAP-Windows6"; close that program', said)
        self.assertTrue(other.is_running())

    def test_is_told_that_a_client_runs_already(self):
        first = self.pc.start_client("--adapter", "OpenVPN TAP-Windows6")
        self.addCleanup(self.pc.run, "taskkill", "/F", "/IM", windows_pc.PROGRAM, may_fail=True)
        wait_for("a seat", lambda: is_seated(first))
        self.assertIn("does this one run already?", self.say("--adapter", "OpenVPN TAP-Windows6"))
        self.assertTrue(first.is_running())
        self.pc.run("end.exe", windows_pc.PROGRAM, "close")
        self.assertEqual(first.wait(), 0)


if __name__ == "__main__":
    windows_pc.leave_without_wine()
    main()
