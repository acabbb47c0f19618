"""What the Windows client says on a PC that has no adapter yet (under Wine; nothing leaves the program, so no lab)."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from lab import SKIPPED
from party import ROOT

PROGRAM = pathlib.Path(os.environ.get("LANPARTY_WINDOWS_BIN", ROOT / "build/mingw/bin")) / "lanparty-client-win.exe"
PARTY = ("--relay", "192.0.2.1:443", "--room", "TEST")


class TheWindowsProgram(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.environment = os.environ | {"WINEPREFIX": folder.name}
        cls.state = pathlib.Path(folder.name) / "drive_c/ProgramData/lanparty"
        cls.addClassCleanup(subprocess.run, ["wineserver", "-k"], env=cls.environment)

    def run_program(self, *flags: str) -> subprocess.CompletedProcess:
        return subprocess.run([ROOT / "tools/run-in-wine", PROGRAM, *flags], env=self.environment, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=180)

    def assert_says(self, exit_code: int, part: str, *flags: str):
        """One sentence, on standard error, and nothing else."""
        ended = self.run_program(*flags)
        self.assertEqual((ended.returncode, ended.stdout), (exit_code, ""), ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        self.assertIn(part, ended.stderr)

    def test_explains_itself(self):
        helped = self.run_program("--help")
        self.assertEqual((helped.returncode, helped.stderr), (0, ""))
        for words in "--adapter NAME|GUID", "--keep-adapter-mac", "Example, as administrator":
            self.assertIn(words, helped.stdout)
        self.assertRegex(self.run_program("--version").stdout, r"^lanparty-client \d+\.\d+\.\d+\n$")

    def test_refuses_flags_it_cannot_use(self):
        self.assert_says(2, "not expected: --bogus", "--bogus")
        self.assert_says(2, "give the party's link with --join")
        self.assert_says(2, "This is no party pass", "--join", "party")
        self.assert_says(2, "--dhcp: Windows asks", *PARTY, "--dhcp")
        self.assert_says(2, "--virtual-mac: that is not the MAC", *PARTY, "--virtual-mac", "zz")

    def test_needs_the_driver(self):
        self.assert_says(1, "the TAP-Windows6 driver is missing; install it", *PARTY)

    def test_knows_no_adapter_of_that_name(self):
        self.assert_says(1, '--adapter: there is no TAP adapter called "party"', *PARTY, "--adapter", "party")

    def test_keeps_its_identity_for_its_owner_alone(self):
        """And for administrators, who are the group where Wine keeps Windows' lists in Linux' modes."""
        self.run_program(*PARTY)
        for path in self.state, self.state / "lanparty-client-identity.json":
            self.assertEqual(path.stat().st_mode & 0o007, 0, path)

    def test_keeps_nothing_in_a_folder_of_somebody_else(self):
        self.run_program("--version")  # makes the drive
        self.addCleanup(self.put_back_state)
        self.take_state_away()
        self.assert_says(1, "belongs to another user of this PC", *PARTY)

    def take_state_away(self):
        """A folder of the machine's stands where ours would be: for Wine's user, or, made so, for root."""
        if self.state.exists():
            shutil.rmtree(self.state)
        if os.geteuid() != 0:
            return self.state.symlink_to("/usr", target_is_directory=True)
        self.state.mkdir(mode=0o777)
        os.chown(self.state, 1, 1)

    def put_back_state(self):
        if self.state.is_symlink():
            self.state.unlink()
        else:
            shutil.rmtree(self.state, ignore_errors=True)

    def test_reports_on_such_a_pc(self):
        report = self.run_program("--diagnose")
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertRegex(report.stdout, r"system: Windows \d+\.\d+\.\d+\ncard: not there\n")


if __name__ == "__main__":
    if not PROGRAM.exists() or not shutil.which("wine"):
        print(f"This takes Wine, and {PROGRAM}, which tools/build mingw makes.", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
