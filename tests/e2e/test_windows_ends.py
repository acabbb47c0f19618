"""However the Windows client ends, the PC is as it was before (under Wine, with doubles of what Wine lacks)."""

import windows_pc
from case import PartyCase, main
from lab import Program, wait_for
from party import Party, is_seated
from windows_pc import PROGRAM, WindowsPc


class TheEndOfTheWindowsClient(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        cls.pc = WindowsPc(party)
        cls.addClassCleanup(cls.pc.close)
        wait_for("the card", lambda: party.player.link(windows_pc.TAP))
        cls.before = cls.pc.settings()

    def play(self) -> Program:
        """A client that has changed all that it changes."""
        client = self.pc.start_client(run_by=("end.exe", "run"))
        self.addCleanup(self.pc.run, "taskkill", "/F", "/IM", PROGRAM, may_fail=True)
        wait_for("a seat", lambda: is_seated(client))
        wait_for("all settings to be changed", lambda: not self.before.items() & self.pc.settings().items())
        return client

    def assert_undone(self) -> None:
        wait_for("the card to have its own MAC", lambda: self.party.player.mac(windows_pc.TAP) == self.before["MAC"])
        self.assertEqual(self.pc.settings(), self.before)

    def assert_ends_well_by(self, what: str) -> None:
        client = self.play()
        self.pc.run("end.exe", PROGRAM, what)
        self.assertEqual(client.wait(), 0)
        self.assertIn("Left room PARTY1.", client.output())
        self.assert_undone()

    def test_by_ctrl_c(self):
        self.assert_ends_well_by("ctrl-c")

    def test_by_ctrl_break(self):
        self.assert_ends_well_by("ctrl-break")

    def test_by_its_window_closed(self):
        self.assert_ends_well_by("close")

    def test_by_the_users_log_off(self):
        self.assert_ends_well_by("log-off")

    def test_by_the_task_manager_and_the_next_start(self):
        client = self.play()
        self.pc.run("taskkill", "/F", "/IM", PROGRAM)
        client.wait()
        self.assertNotEqual(self.pc.settings(), self.before)
        self.assert_ends_well_by("ctrl-c")


if __name__ == "__main__":
    windows_pc.leave_without_wine()
    main()
