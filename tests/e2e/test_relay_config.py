"""relay.toml: rooms that are listed with their passes, and what a running relay makes of a changed file."""

import os
import re
import signal
import subprocess

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import ping_all
from party import BINARIES, FRIEND, PLAYER2_MAC, RELAY, RELAY_PORT, ROOM, TAP, Party, is_seated

RELAY_PROGRAM = str(BINARIES / "lanparty-relay")
NOT_OPEN = "is not open here, or its pass is another"


def relay_says(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([RELAY_PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=10)


def new_pass(*flags: str) -> tuple[str, str]:
    """A pass and its verifier, in quotes as relay.toml has it."""
    said = relay_says("new-pass", *flags).stdout
    return re.search(r"pass: +(\S+)", said)[1], re.search(r"verifier: (\S+)", said)[1]


def room(code: str, client_passes: list[str], gateway_pass: str, more: str = "") -> str:
    return (f"[[room]]\ncode = \"{code}\"\n{more}client_passes = [{', '.join(client_passes)}]\n"
            f"gateway_passes = [{gateway_pass}]\n")


class ListedRooms(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.config = party.files / "relay.toml"
        cls.client_pass, cls.client_verifier = new_pass()
        cls.gateway_pass, cls.gateway_verifier = new_pass()
        cls.write_config(cls.usual_room())
        party.relay = party.relay_host.spawn("relay", RELAY_PROGRAM, "--config", str(cls.config), "--dev-cert-der-out",
                                             str(party.certificate), "--state-dir", str(party.files / "relay-state"))
        party.relay.wait_for_output("listening")
        party.start_gateway("--pass-file", cls.pass_file("gateway", cls.gateway_pass))

    @classmethod
    def usual_room(cls, *more_passes: str, more: str = "") -> str:
        return room(ROOM, [cls.client_verifier, *more_passes], cls.gateway_verifier, more)

    @classmethod
    def write_config(cls, rooms: str, top: str = "") -> None:
        cls.config.write_text(f"listen = [\"{RELAY}:{RELAY_PORT}\"]\nrooms = \"listed\"\n{top}{rooms}")

    @classmethod
    def pass_file(cls, name: str, secret: str) -> str:
        path = cls.party.files / f"{name}.pass"
        path.write_text(secret + "\n")
        return str(path)

    def setUp(self) -> None:
        self.write_config(self.usual_room())
        self.reload("configuration reloaded")

    def reload(self, expected: str) -> None:
        before = self.party.relay.output().count(expected)
        os.kill(self.relay_pid(), signal.SIGHUP)
        wait_for(f"the relay to say: {expected}", lambda: self.party.relay.output().count(expected) > before)

    def relay_pid(self) -> int:
        """Of the relay itself, not of what put it into its network."""
        return int(self.party.relay_host.run("pgrep", "-xf", ".*lanparty-relay --config .*").split()[-1])

    def client(self, host: Host, secret: str, *more: str) -> Program:
        command = self.party.member_command(
            "lanparty-client", "--tap", TAP, "--identity", str(self.party.files / f"{host.name}.identity"), "--pass-file",
            self.pass_file(host.name, secret), *more)
        return host.spawn(f"client-{len(self.party.lab.programs)}", *command)

    def plays(self, host: Host, secret: str, *more: str) -> Program:
        client = self.client(host, secret, *more)
        wait_for("the client to be seated", lambda: is_seated(client))
        return client

    def is_refused(self, host: Host, secret: str, words: str = NOT_OPEN) -> None:
        client = self.client(host, secret, "--join-timeout", "2")
        self.assertEqual(client.wait(20), 1, client.output())
        self.assertIn(words, client.output())

    def leaves(self, host: Host, client: Program) -> None:
        client.stop()
        wait_for("the TAP to go", lambda: not host.link(TAP))

    def test_a_listed_room_opens_to_its_pass_and_to_no_other(self):
        client = self.plays(self.party.player, self.client_pass)
        self.party.give_address(self.party.player, "10.77.0.30")
        ping_all(self.party.player, FRIEND, 3)
        self.is_refused(self.party.player2, self.gateway_pass)
        self.leaves(self.party.player, client)

    def test_nobody_founds_a_room_where_rooms_are_listed(self):
        command = [*self.party.gateway_command("--join-timeout", "2")]
        command[command.index("--room") + 1] = "ANOTHER"
        command[command.index("--identity") + 1] = str(self.party.files / "other" / "gateway.identity")
        gateway = self.party.gateway_host.spawn("founder", *command)
        self.assertEqual(gateway.wait(20), 1, gateway.output())
        self.assertIn(NOT_OPEN, gateway.output())

    def test_new_passes_count_at_once_and_nobody_is_dropped(self):
        client = self.plays(self.party.player, self.client_pass)
        self.party.give_address(self.party.player, "10.77.0.30")
        ping_all(self.party.player, FRIEND, 1)
        secret, verifier = new_pass("--salt-of", self.client_verifier.strip('"'))
        flow = self.party.player.spawn("ping", "ping", "-n", "-c", "40", "-i", "0.05", "-W", "2", FRIEND)
        self.write_config(self.usual_room(verifier))
        self.reload("configuration reloaded")
        self.leaves(self.party.player2, self.plays(self.party.player2, secret, "--virtual-mac", PLAYER2_MAC))
        self.write_config(room(ROOM, [verifier], self.gateway_verifier))
        self.reload("configuration reloaded")
        self.is_refused(self.party.player2, self.client_pass)
        flow.wait()
        self.assertIn(" 0% packet loss", flow.output())
        self.leaves(self.party.player, client)

    def test_a_room_that_is_gone_keeps_those_who_are_in_it(self):
        client = self.plays(self.party.player, self.client_pass)
        self.party.give_address(self.party.player, "10.77.0.30")
        self.write_config("")
        self.reload("configuration reloaded")
        ping_all(self.party.player, FRIEND, 2)
        self.is_refused(self.party.player2, self.client_pass)
        self.leaves(self.party.player, client)

    def test_a_broken_file_changes_nothing(self):
        self.write_config("", top="max_seat = 3\n")
        self.reload("configuration not reloaded")
        self.assertIn("relay.toml:3:1: 'max_seat' is not a key of this file; did you mean 'max_seats'?",
                      self.party.relay.output())
        self.leaves(self.party.player, self.plays(self.party.player, self.client_pass))

    def test_rooms_have_rules_of_their_own(self):
        self.write_config(self.usual_room(more="max_seats = 2\n"))
        self.reload("configuration reloaded")
        client = self.plays(self.party.player, self.client_pass)
        self.is_refused(self.party.player2, self.client_pass, "is full")
        self.leaves(self.party.player, client)

    def test_passes_and_rooms_expire(self):
        expired = f"{{ verifier = {self.client_verifier}, expires = 2020-01-01 }}"
        self.write_config(room(ROOM, [expired], self.gateway_verifier))
        self.reload("configuration reloaded")
        self.is_refused(self.party.player, self.client_pass)
        self.write_config(self.usual_room(more="expires = 2020-01-01T12:00:00+02:00\n"))
        self.reload("configuration reloaded")
        self.is_refused(self.party.player, self.client_pass, "its time has expired")

    def test_what_only_a_restart_changes_is_told(self):
        self.write_config(self.usual_room(), top="room_mtu = 1400\n")
        self.reload("takes effect with the next start only")
        self.assertRegex(self.party.relay.output(), r"next start only keys=\"?room_mtu")


class Words(PartyCase):
    """What the relay's subcommands say; nothing runs."""

    def file(self, text: str) -> str:
        path = self.party.files / "relay.toml"
        path.write_text(text)
        return str(path)

    def test_a_file_in_order_is_summed_up(self):
        (_, client), (_, gateway) = new_pass(), new_pass()
        said = relay_says("check-config", self.file(room("FRIDAY", [client], gateway)))
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertRegex(said.stdout, r"relay\.toml is in order: 1 room, 2 passes; gateways may found others\.\n")

    def test_the_example_is_in_order(self):
        example = self.party.lab.logs.parents[2] / "packaging/relay.toml.example"
        said = relay_says("check-config", str(example))
        self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_a_mistake_is_one_sentence_and_exit_code_2(self):
        for command in (["check-config"], ["--config"]):
            said = relay_says(*command, self.file("rooms = \"open\"\nmax_rooms = \"many\"\n"))
            self.assertEqual((said.returncode, said.stdout), (2, ""))
            self.assertRegex(said.stderr, r"relay\.toml:2:13: max_rooms is a text; it takes whole numbers .*\n$")

    def test_an_own_pass_is_taken_and_not_repeated(self):
        said = relay_says("new-pass", "--pass-file", "-", stdin="correct horse\n")
        self.assertRegex(said.stdout, r'^verifier: "SCRAM-SHA-256\$4096:\S+"\n$')

    def test_passless_must_be_asked_for_and_is_warned_of(self):
        self.assertRegex(" ".join(relay_says("--help").stdout.split()), "passless .*nobody needs a pass")
        relay = self.party.relay_host.spawn("passless", *self.party.relay_command())
        relay.wait_for_output("warn +rooms have no passes")
        relay.stop()


if __name__ == "__main__":
    main()
