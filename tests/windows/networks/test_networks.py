#!/usr/bin/env python3
"""The Windows client's changes of routes, metrics, MTU and name servers, and that all of it is undone.

The real code runs under Wine against a double of IP Helper (iphlpapi_double.cc), whose tables are a file. Whatever
call fails, and after whichever the program is killed: what is in that file at the end is what was there before.

test_networks.py FOLDER    the folder of route_program.exe and the two DLLs
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TAP = "{0A1B2C3D-0000-4000-8000-000000000077}"
BEFORE = f"""\
interface 11 4 {{0A1B2C3D-0000-4000-8000-000000000011}}
interface 77 9 {TAP}
ip 11 4 1 25 1500 1 25
ip 11 6 1 25 1500 1 25
ip 77 4 1 35 1500 1 35
ip 77 6 0 7 1400 1 35
dns 11 4 1
dns 11 6 1
dns 77 4 1
dns 77 6 1
route 0.0.0.0/0 192.168.1.1 11 0
route ::/0 fe80::1 11 256
route 192.168.1.0/24 0.0.0.0 11 256
address 11 192.168.1.20 24
address 77 10.20.0.7 16
"""
FOLDER = pathlib.Path(sys.argv.pop() if len(sys.argv) > 1 else ".").resolve()
RUN = pathlib.Path(__file__).resolve().parents[3] / "tools" / "run-in-wine"


class TheWindowsNetworks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """One Wine for all of the runs: a start of its own takes each of them seconds."""
        os.environ.setdefault("WINEPREFIX", str(FOLDER.parents[1] / "wine"))
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([RUN, "cmd", "/c", "exit"], check=True, **silent)
        shell = subprocess.Popen([RUN, "cmd"], stdin=subprocess.PIPE, **silent)
        cls.addClassCleanup(shell.communicate)

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.networks = pathlib.Path(self._folder.name) / "networks"
        self.calls = self.networks.with_name("calls")
        self.journal = self.networks.with_name("undo.json")
        self.networks.write_text(BEFORE)

    def environment(self, **fate: int) -> dict[str, str]:
        return os.environ | {
            "WINEDLLOVERRIDES": "iphlpapi=n",
            "SOFTLAN_NETWORKS": f"Z:{self.networks}",
            "SOFTLAN_CALLS": f"Z:{self.calls}",
        } | {f"SOFTLAN_{name.upper()}": str(n) for name, n in fate.items()}

    def run_program(self, *arguments: str, **fate: int) -> subprocess.CompletedProcess:
        self.calls.write_text("")
        return subprocess.run([RUN, FOLDER / "route_program.exe", f"Z:{self.journal}", *arguments],
                              env=self.environment(**fate), capture_output=True, text=True, timeout=60)

    def kill_program_after(self, n: int):
        self.run_program(TAP, die_at=n)
        self.assertEqual(len(self.called()), n)

    def called(self) -> list[str]:
        return self.calls.read_text().split()

    def tables(self) -> list[str]:
        return sorted(self.networks.read_text().splitlines())

    def assert_undone(self, when: str):
        self.assertEqual(self.tables(), sorted(BEFORE.splitlines()), when)
        self.assertFalse(self.journal.exists(), when)

    def called_by_an_evening(self) -> list[str]:
        """What is called in one that goes well."""
        self.run_program(TAP)
        return self.called()

    def test_are_changed_for_the_party_and_then_as_before(self):
        played = self.run_program(TAP)
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)
        self.assertIn("relay 203.0.113.5 pinned via 192.168.1.1 on 4 from 192.168.1.20", played.stdout)
        self.assertIn("relay 2001:db8::5 pinned via fe80::1 on 4", played.stdout)
        self.assertNotIn("trouble", played.stdout)
        for name in "CreateIpForwardEntry2", "SetIpInterfaceEntry", "SetInterfaceDnsSettings", "DeleteIpForwardEntry2":
            self.assertIn(name, self.called())
        self.assert_undone("at the end")

    def test_hold_what_the_party_needs_when_the_program_is_killed(self):
        calls = self.called_by_an_evening()
        last_look = len(calls) - calls[::-1].index("GetUnicastIpAddressTable")
        self.kill_program_after(last_look)
        held = self.networks.read_text()
        for line in ("ip 77 4 0 1 1200 0 35", "ip 77 6 0 1 1280 0 35", "dns 77 4 0", "dns 77 6 0",
                     "route 203.0.113.5/32 192.168.1.1 11 0", "route 2001:db8::5/128 fe80::1 11 0"):
            self.assertIn(line, held.splitlines())
        self.run_program()
        self.assert_undone("by the next start")

    def test_are_as_before_whichever_call_fails(self):
        for n in range(1, len(self.called_by_an_evening()) + 1):
            self.run_program(TAP, fail_at=n)
            self.run_program()
            self.assert_undone(f"call {n} failed")

    def test_are_as_before_after_whichever_call_the_program_is_killed(self):
        for n in range(1, len(self.called_by_an_evening()) + 1):
            self.kill_program_after(n)
            self.run_program()
            self.assert_undone(f"killed after call {n}")

    def test_are_as_before_when_the_next_start_is_killed_as_well(self):
        calls = self.called_by_an_evening()
        for n in range(1, 13):
            self.kill_program_after(len(calls) // 2)
            self.run_program(die_at=n)
            self.run_program()
            self.assert_undone(f"the next start killed after call {n}")

    def test_tell_of_every_change(self):
        with subprocess.Popen([RUN, FOLDER / "watch_program.exe"], env=self.environment(), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
            said = [program.stdout.readline().strip()]
            for line in "ip 12 4 1 25 1500 1 25", "address 12 192.168.2.20 24", "route 10.0.0.0/8 192.168.1.1 11 0":
                changed = self.networks.with_name("changed")
                changed.write_text(self.networks.read_text() + line + "\n")
                changed.rename(self.networks)
                said.append(program.stdout.readline().strip())
            program.stdin.close()
        self.assertEqual(said, ["watching", "told 1", "told 2", "told 3"])
        self.assertEqual(program.returncode, 0)

    def test_name_an_adapter_that_is_not_there(self):
        unknown = self.run_program("{0A1B2C3D-0000-4000-8000-000000000099}")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("there is no network interface {0A1B2C3D-0000-4000-8000-000000000099}", unknown.stdout)


if __name__ == "__main__":
    unittest.main()
