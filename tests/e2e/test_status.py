"""What the running programs say of themselves, and what the relay's admin can have them do."""

import json
import os
import re
import stat
import subprocess

from case import PartyCase, main
from lab import Host, wait_for
from measure import ping_all
from party import BINARIES, FRIEND, PLAYER2_MAC, ROOM, TAP, Party
from screen import Screen

METRICS = "http://127.0.0.1:9464"
FETCH = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"


def program(name: str) -> str:
    return str(BINARIES / f"lanparty-{name}")


def fetch(host: Host, url: str) -> str:
    return host.run("python3", "-c", FETCH, url)


class StatusCase(PartyCase):
    def ask(self, name: str, *words: str) -> str:
        return self.party.relay_host.run(program(name), *words)

    def status(self, name: str) -> dict:
        return json.loads(self.ask(name, "status", "--json"))

    def member(self, name: str) -> dict | None:
        rooms = self.status("relay")["rooms"]
        return next((m for room in rooms for m in room["members"] if m["name"] == name), None)

    def refused(self, *command: str) -> str:
        """The one sentence on standard error of a command that fails."""
        done = subprocess.run([*self.party.relay_host.entry(), *command], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        return done.stderr.strip()


class TheStatus(StatusCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, "10.77.0.30")
        ping_all(party.player, FRIEND, 20)

    def test_of_the_relay_names_every_member(self):
        text = self.ask("relay", "status")
        self.assertRegex(text, rf"(?m)^Room {ROOM}: gateway here, 1 client$")
        self.assertRegex(text, r"(?m)^ +\d+ +Hall +gateway +")
        self.assertIn(self.party.player.mac(TAP), text)

    def test_of_the_relay_has_times_rates_and_what_arrived(self):
        wait_for("the player's word on its frames", lambda: (self.member("player") or {}).get("up"), 10)
        ping_all(self.party.player, FRIEND, 20)
        player = self.member("player")
        self.assertGreater(player["rtt_ms"], 0)
        self.assertGreater(player["traffic"]["in"]["frames"], 20)
        self.assertGreater(player["rates"]["in"]["frames_per_second"], 0)
        self.assertLessEqual(player["up"]["arrived"], player["up"]["sent"] + 50)
        wait_for("the round trip to the gateway", lambda: self.member("player")["gateway_rtt_ms"], 10)

    def test_of_one_room_alone(self):
        self.assertIn(f"Room {ROOM}", self.ask("relay", "status", ROOM.lower()))
        self.assertIn("no room NOSUCH", self.refused(program("relay"), "status", "NOSUCH"))

    def test_of_members_tells_where_they_are(self):
        for name, role in (("gateway", "gateway"), ("client", "client")):
            status = self.status(name)
            self.assertEqual((status["seated"], status["role"], status["room"]), (True, role, ROOM))
            self.assertGreater(status["rtt_ms"], 0)
            self.assertEqual(len(status["peers"]), 1)
            self.assertIn("in the room as #", self.ask(name, "status"))

    def test_goes_on_when_watched(self):
        command = [*self.party.relay_host.entry(), program("relay"), "status", "--watch", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
            uptimes = [json.loads(watching.stdout.readline())["uptime_s"] for _ in range(3)]
            watching.kill()
        self.assertEqual(uptimes, sorted(uptimes))
        self.assertGreater(uptimes[2], uptimes[0])

    def test_is_for_the_same_user_alone(self):
        mode = os.stat("/run/lanparty/relay.sock").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_of_nobody_is_one_sentence(self):
        for name in ("relay", "gateway", "client"):
            sentence = self.refused(program(name), "status", "--status-socket", "/run/nobody.sock")
            self.assertEqual(sentence, f"lanparty-{name}: nothing answers at /run/nobody.sock; "
                                       f"is lanparty-{name} running here?")

    def test_a_second_instance_is_told_to_take_another_place(self):
        second = self.party.player2.spawn("second", *self.party.client_command(
            self.party.player2, "--virtual-mac", PLAYER2_MAC))
        second.wait_for_output(r"\"status\\?\" is not answered.*in use by another program")
        second.stop()
        self.assertEqual(self.status("client")["name"], "player")

    def test_survives_those_who_ask_and_do_not_listen(self):
        mute = ("import socket, time; s = [socket.socket(socket.AF_UNIX) for _ in range(20)]\n"
                "for one in s: one.connect('/run/lanparty/relay.sock')\n"
                "print('here', flush=True); time.sleep(60)")
        crowd = self.party.relay_host.spawn("crowd", "python3", "-c", mute)
        crowd.wait_for_output("here")
        ping_all(self.party.player, FRIEND, 5)
        wait_for("the relay to answer again",
                 lambda: ROOM in self.party.relay_host.run(program("relay"), "status", check=False), 10)
        crowd.kill()


class APlayersTerminal(StatusCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_dhcp_server()
        party.start_relay()
        party.start_gateway()

    def setUp(self):
        self.log_file = self.party.files / f"{self.id()}.txt"
        self.screen = Screen(self.party.player, *self.party.client_command(
            self.party.player, "--dhcp", "--log-file", str(self.log_file)))
        self.addCleanup(self.screen.stop)

    def test_shows_where_one_stands_in_place(self):
        self.screen.wait_for(r"^● Address  10\.77\.0\.1\d\d/24$", 30)
        self.screen.wait_for(r"^● Relay    203\.0\.113\.10:4433 +\d+\.\d ms, 0\.0 % lost$")
        self.screen.wait_for(r"^● LAN      the gateway Hall is here +\d+\.\d ms, 0\.0 % lost$")
        self.screen.wait_for(rf"^  Card     {TAP} \(#\d+\), {self.party.player.mac(TAP)}, MTU \d+$")
        self.screen.wait_for(r"^  Way      wan \(#\d+\), from 203\.0\.113\.30 \(socket bound to it\)$")
        self.screen.wait_for(r"^  Sent     \d+ frames, .*; a datagram holds \d+ bytes$")
        before = int(self.screen.wait_for(r"^  Got      (\d+) frames")[1])
        self.party.player.run("ping", "-c5", "-i0.2", "-W1", FRIEND)
        wait_for("the view to count more frames",
                 lambda: int(self.screen.wait_for(r"^  Got      (\d+) frames")[1]) > before, 10)
        self.assertEqual(sum("Relay    " in line for line in self.screen.lines()), 1)

    def test_names_those_who_come_and_go(self):
        self.screen.wait_for(r"^  Here     Hall \(gateway\)$")
        other = self.party.start_client(self.party.player2)
        self.screen.wait_for(r"^player2 joined\.$")
        self.screen.wait_for(r"^  Here     Hall \(gateway\), player2$")
        other.stop()
        self.screen.wait_for(r"^player2 left\.$")
        self.party.gateway.stop()
        self.screen.wait_for(r"^The gateway Hall has left room")
        self.screen.wait_for(r"^● LAN      no gateway here")
        self.party.start_gateway()
        self.screen.wait_for(r"^The gateway Hall is here\. You are on the LAN\.$")
        self.screen.wait_for(r"^  Here     Hall \(gateway\)$")

    def test_is_left_clean_and_the_log_file_has_it_all(self):
        self.screen.wait_for(r"^● LAN      the gateway Hall is here")
        self.assertEqual(self.screen.stop(), 0)
        self.assertEqual([line for line in self.screen.lines() if "Relay    " in line], [])
        self.assertIn(f"Left room {ROOM}.", self.screen.lines())
        said = self.log_file.read_text()
        self.assertRegex(said, rf"(?m)^20\S+Z info  Joined room {ROOM}\. You are on the LAN\.$")
        self.assertRegex(said, r"(?m)^20\S+Z info  traffic frames_sent=")


class AProgramThatReads(StatusCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all("--json-status", "--log-file", str(party.files / "client-log.txt"))

    def test_gets_one_object_a_second(self):
        wait_for("three objects", lambda: self.client.output().count('{"software"') >= 3, 10)
        objects = [json.loads(line) for line in self.client.output().splitlines() if line.startswith("{")]
        last = objects[-1]
        self.assertEqual((last["room"], last["seated"], last["gateway"]), (ROOM, True, True))
        self.assertEqual(last["card"]["name"], TAP)
        self.assertEqual(last["card"]["mac"], self.party.player.mac(TAP))
        self.assertEqual(last["way"]["source"], "203.0.113.30")
        self.assertEqual(last["lost_percent"] or 0, 0)

    def test_of_a_diagnosis_finds_no_secret_and_everything_else(self):
        report = self.party.player.run(*self.party.client_command(
            self.party.player2, "--diagnose", str(self.party.files / "report.txt"), "--log-file",
            str(self.party.files / "client-log.txt")))
        self.assertEqual((self.party.files / "report.txt").read_text(), report)
        for expected in ("# lanparty-client ", "## The program that runs\nlanparty-client", "Linux", f"card: {TAP} (#",
                         "from 203.0.113.x", f"Joined room {ROOM}", "fine     203.0.113.10:4433 answers",
                         "## The log file's last lines\n20"):
            self.assertIn(expected, report)
        self.assertIsNotNone(self.member("player"), "the diagnosis has taken the seat")

    def test_is_told_why_there_is_no_log_file(self):
        command = [*self.party.player2.entry(), *self.party.client_command(
            self.party.player2, "--log-file", "/nowhere/log.txt")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, "lanparty-client: --log-file: cannot write /nowhere/log.txt: "
                                      "No such file or directory\n")


class TheMetrics(StatusCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, "10.77.0.30")
        ping_all(party.player, FRIEND, 5)

    def test_please_prometheus(self):
        text = fetch(self.party.relay_host, f"{METRICS}/metrics")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))
        self.assertIn(f'lanparty_members{{room="{ROOM}",role="client"}} 1\n', text)
        self.assertRegex(text, r"(?m)^lanparty_certificate_expiry_timestamp_seconds \d")
        frames = re.search(rf'lanparty_frames_total{{room="{ROOM}",direction="in"}} (\d+)', text)
        self.assertGreater(int(frames[1]), 5)

    def test_are_for_this_machine_alone(self):
        listening = self.party.relay_host.run("ss", "-Hlnt")
        self.assertIn("127.0.0.1:9464 ", listening)
        self.assertEqual(fetch(self.party.relay_host, f"{METRICS}/healthz"), "ok\n")

    def test_a_port_in_use_is_a_warning(self):
        state = self.party.files / "second-state"
        second = self.party.relay_host.spawn(
            "second-relay", program("relay"), "--listen", "127.0.0.1:4999", "--state-dir", str(state),
            "--status-socket", "/run/second.sock")
        second.wait_for_output(r"there are no metrics.*Address already in use")
        self.assertIn("0 rooms", self.ask("relay", "status", "--status-socket", "/run/second.sock"))
        second.stop()


class AnAdmin(StatusCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.client = party.start_all()
        party.give_address(party.player, "10.77.0.30")

    def is_back(self, name: str) -> dict:
        return wait_for(f"{name} to be in the room", lambda: self.member(name), 15)

    def test_kicks_a_member_that_comes_back(self):
        number = str(self.is_back("player")["peer"])
        self.assertIn("player (#", self.ask("relay", "kick", ROOM, number))
        self.party.relay.wait_for_output(r"member left.*removed by the relay's admin")
        self.is_back("player")

    def test_kicks_nobody_who_is_not_there(self):
        self.assertIn("nobody in room", self.refused(program("relay"), "kick", ROOM, "Nobody"))

    def test_keeps_a_banned_member_out_until_the_ban_is_lifted(self):
        self.is_back("player")
        self.ask("relay", "kick", ROOM, "player", "--ban", "--minutes", "5")
        self.party.relay.wait_for_output(r"refused.*not_allowed: You are banned from this relay for 5 min more")
        self.assertIsNone(self.member("player"))
        self.assertRegex(self.ask("relay", "bans"), rf"(?m)^1 +player +{ROOM} +any +for \d+ (min|s) more$")
        self.restart_relay(self.party.relay.stop)
        self.assertIn("player", self.ask("relay", "bans"))
        self.client.stop()
        self.ask("relay", "unban", "1")
        type(self).client = self.party.start_client()
        self.party.give_address(self.party.player, "10.77.0.30")

    def test_logs_the_frames_of_one_room(self):
        self.is_back("player")
        self.ask("relay", "frame-log", ROOM, "on")
        self.party.player.run("ping", "-c3", "-i0.2", "-W1", FRIEND, check=False)
        self.party.relay.wait_for_output(rf"frame room={ROOM} ")
        self.assertIn("no longer", self.ask("relay", "frame-log", ROOM, "off"))

    def test_reaches_a_relay_that_took_the_place_of_a_killed_one(self):
        self.restart_relay(self.party.relay.kill)
        self.assertIn("lanparty-relay", self.ask("relay", "status"))
        self.is_back("player")

    def restart_relay(self, end) -> None:
        end()
        self.party.start_relay()
        wait_for("the new relay to answer",
                 lambda: self.party.relay_host.run(program("relay"), "status", check=False), 10)


if __name__ == "__main__":
    main()
