"""What the e2e tests have in common: one party per test class, and the programs' last lines when a test fails."""

import pathlib
import sys
import unittest

import lab
from party import BINARIES, Party


class PartyCase(unittest.TestCase):
    """Tests that share one party, self.party; subclasses start what they need in set_up_party()."""

    party: Party

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        pass

    @classmethod
    def setUpClass(cls) -> None:
        cls.party = Party(f"{pathlib.Path(sys.argv[0]).stem.removeprefix('test_')}-{cls.__name__}")
        cls.addClassCleanup(cls.party.close)
        cls.set_up_party(cls.party)


def show_logs(folder: pathlib.Path) -> None:
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()[-15:]
        if lines and not log.name.startswith("tcpdump"):
            print(f"\n--- {log}", *lines, sep="\n", file=sys.stderr)


class _Result(unittest.TextTestResult):
    """Shows the logs as they are when a test fails, before later tests change them."""

    def addFailure(self, test, error) -> None:
        super().addFailure(test, error)
        self._show_logs_of(test)

    def addError(self, test, error) -> None:
        super().addError(test, error)
        self._show_logs_of(test)

    def _show_logs_of(self, test) -> None:
        if party := getattr(test, "party", None):
            show_logs(party.lab.logs)


def main() -> None:
    """Runs the tests of the calling file in a private world."""
    if not (BINARIES / "lanparty-relay").exists():
        sys.exit(f"{BINARIES} holds no programs; ./check builds them, or set LANPARTY_BIN.")
    lab.enter_private_world()
    unittest.main(testRunner=unittest.TextTestRunner(resultclass=_Result, verbosity=2))
