"""Rooms with passes: who comes in, who does not, and what everybody is told."""

import os
import pty
import re
import time

from case import PartyCase, main
from lab import Program, running_processes, wait_for
from measure import ping_all
from party import BINARIES, FRIEND, RELAY, RELAY_PORT, ROOM, TAP, Party, is_seated

PASS = re.compile(r"#(\S+)$")


class Passes(PartyCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.party = Party(f"passes-{cls.__name__}", passes=True)
        cls.addClassCleanup(cls.party.close)
        cls.party.start_relay()
        cls.party.start_gateway()

    @property
    def link(self) -> str:
        return self.party.link_file.read_text()

    def client(self, *flags: str, name: str = "client") -> Program:
        command = [str(BINARIES / "lanparty-client"), "--tap", TAP, "--identity",
                   str(self.party.files / "player.identity"), *flags]
        return self.party.player.spawn(name, *command)

    def joins(self, *flags: str) -> None:
        client = self.client(*flags)
        wait_for("the client to be seated", lambda: is_seated(client), 10)
        self.party.give_address(self.party.player, "10.77.0.30")
        ping_all(self.party.player, FRIEND, 3)
        client.stop()
        wait_for("the TAP to go", lambda: not self.party.player.link(TAP))

    def is_refused(self, *flags: str, words: str, code: int = 1) -> None:
        client = self.client(*flags, name=f"refused-{len(self.party.lab.programs)}")
        self.assertEqual(client.wait(20), code, client.output())
        self.assertRegex(client.output(), words)
        self.assertNotIn("Joined", client.output())

    def write(self, name: str, text: str) -> str:
        path = self.party.files / name
        path.write_text(text)
        return str(path)

    def test_1_a_player_joins_by_the_link(self):
        self.assertIn("?pin=", self.link)
        self.joins("--join", self.link)
        self.joins("--join-file", str(self.party.link_file))

    def test_2_the_pass_is_not_in_the_list_of_processes(self):
        secret = PASS.search(self.link)[1]
        client = self.client("--join", self.link)
        wait_for("the client to be seated", lambda: is_seated(client), 10)
        commands = running_processes().values()
        self.assertTrue(any("lanparty-client" in command for command in commands))
        self.assertFalse([command for command in commands if secret in command])
        client.stop()

    def test_3_a_player_joins_with_flags_and_the_pass_in_a_file(self):
        secret = PASS.search(self.link)[1].upper().replace("-", "")  # as a person may type it
        self.joins("--relay", f"{RELAY}:{RELAY_PORT}", "--relay-ca-cert", str(self.party.certificate), "--server-name",
                   "lanparty-relay.local", "--room", ROOM.lower(), "--pass-file", self.write("pass", secret + "\n"))

    def test_4_a_wrong_pass_and_a_room_that_is_not_there_look_alike(self):
        wrong = self.link.replace(PASS.search(self.link)[1], "0000-0000-0000-0000")
        nowhere = self.link.replace(ROOM, "NOWHERE")
        for link in (wrong, nowhere):
            with self.subTest(link=link):
                self.is_refused("--join", link, "--join-timeout", "2", words="is not open here, or its pass is another")

    def test_5_without_a_pass_nobody_comes_in(self):
        flags = ("--relay", f"{RELAY}:{RELAY_PORT}", "--relay-ca-cert", str(self.party.certificate), "--server-name",
                 "lanparty-relay.local", "--room", ROOM)
        self.is_refused(*flags, words="lets nobody in without a pass")

    def test_6_another_key_than_the_pinned_one_is_no_relay(self):
        other = re.sub(r"\?pin=[^#]*", "?pin=" + 43 * "A", self.link)
        self.is_refused("--join", other, words="pin")

    def test_7_broken_links_are_told(self):
        for link, words in (("http://example.org/", "lanparty://"), ("lanparty://", "link"),
                            (self.link.split("#")[0] + "#a%0ab", "pass"), ("lanparty://host:99999/ROOM", "link")):
            with self.subTest(link=link):
                self.is_refused("--join", link, words=words, code=2)
        self.is_refused("--join", self.link, "--room", ROOM, words="leave their own flags out", code=2)

    def test_8_the_pass_is_asked_for_on_a_terminal_and_not_shown(self):
        secret = PASS.search(self.link)[1]
        command = [str(BINARIES / "lanparty-client"), "--tap", TAP, "--identity",
                   str(self.party.files / "player.identity"), "--relay", f"{RELAY}:{RELAY_PORT}", "--relay-ca-cert",
                   str(self.party.certificate), "--server-name", "lanparty-relay.local", "--room", ROOM]
        screen = on_a_terminal([*self.party.player.entry(), *command], f"Pass of room {ROOM}: ", secret + "\n",
                               "Joined room")
        self.assertNotIn(secret, screen)

    def test_9_a_relay_that_restarts_knows_its_rooms(self):
        self.party.relay.kill()
        self.party.start_relay()
        wait_for("the gateway to be back", lambda: self.party.relay.output().count("role=gateway") == 1, 10)
        self.joins("--join", self.link)

    def test_a_nobody_else_founds_the_room(self):
        self.party.gateway.stop()
        self.party.relay.kill()
        self.party.start_relay()
        command = self.party.gateway_command()
        command[command.index("--identity") + 1] = str(self.party.files / "intruder" / "gateway.identity")
        intruder = self.party.gateway_host.spawn("intruder", *command, "--join-timeout", "2")
        self.assertEqual(intruder.wait(20), 1, intruder.output())
        self.assertIn("is not open here, or its pass is another", intruder.output())
        self.assertNotIn("lanparty://", intruder.output())
        self.party.start_gateway()
        self.joins("--join", self.link)

    def test_b_the_link_stays_the_same_until_new_passes_are_wanted(self):
        first = self.link
        self.party.gateway.stop()
        self.party.start_gateway()
        self.assertEqual(self.link, first)
        self.party.gateway.stop()
        self.party.start_gateway("--new-pass")
        self.assertNotEqual(self.link, first)
        self.is_refused("--join", first, "--join-timeout", "2", words="its pass is another")
        self.joins("--join", self.link)

    def test_c_no_pass_is_kept_where_others_can_read_it(self):
        secret = PASS.search(self.link)[1]
        holders = [path for path in self.party.files.rglob("*")
                   if path.is_file() and secret in path.read_text(errors="replace")]
        for path in holders:
            if path.suffix != ".log" and path != self.party.link_file and path.name != "pass":
                self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)
        for path in (self.party.files / "relay-state").rglob("*"):
            self.assertNotIn(path, holders)
        self.assertNotIn(secret, self.party.relay.output())


def on_a_terminal(command: list[str], prompt: str, answer: str, until: str) -> str:
    """Runs the command on a terminal of its own, answers its prompt, and ends it; returns what was on the screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    os.set_blocking(terminal, False)
    screen, deadline, answered = "", time.monotonic() + 15, False
    while until not in screen and time.monotonic() < deadline:
        try:
            screen += os.read(terminal, 4096).decode(errors="replace")
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:
            break
        if prompt in screen and not answered:
            time.sleep(0.1)
            os.write(terminal, answer.encode())
            answered = True
    os.kill(pid, 15)
    os.waitpid(pid, 0)
    os.close(terminal)
    assert until in screen, screen
    return screen


if __name__ == "__main__":
    main()
