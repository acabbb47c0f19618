"""A relay with several threads: rooms live on one of them each, and nobody notices."""

import hashlib
import itertools
import json
import os
import pathlib
import signal

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import ping_all
from party import BINARIES, RELAY, RELAY_PORT, ROOM, Party, has_carrier

RELAY_PROGRAM = str(BINARIES / "lanparty-relay")
THREADS = 2
NETWORKS = {0: "10.80.0", 1: "10.81.0"}  # of the room on each thread

# Short headers of QUIC from many ports, for ids of every thread.
STRAY_PACKETS = f"""
import socket
for number in range(64):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as member:
        member.sendto(bytes([0x40, number % {THREADS}]) + bytes(60), ("{RELAY}", {RELAY_PORT}))
"""


def room_of(thread: int) -> str:
    """A room that lives there (docs/PROTOCOL.md, "Connection ids")."""
    codes = (f"ROOM{number}" for number in itertools.count())
    return next(code for code in codes
                if int.from_bytes(hashlib.sha256(code.encode()).digest()[:2], "big") % THREADS == thread)


ROOMS = {room_of(thread): thread for thread in range(THREADS)}


class WorkersCase(PartyCase):
    """Both players are in both rooms, a TAP in each."""

    players: list[Host]

    @classmethod
    def start(cls, party: Party, *relay_flags: str) -> None:
        party.start_relay("--threads", str(THREADS), *relay_flags)
        cls.players = [party.player, party.player2]
        for room, thread in ROOMS.items():
            for number, player in enumerate(cls.players, start=1):
                cls.start_member(party, player, room, thread, number)

    @classmethod
    def start_member(cls, party: Party, player: Host, room: str, thread: int, number: int) -> Program:
        tap = f"party{thread}"
        command = party.member_command(
            "lanparty-client", "--tap", tap, "--name", player.name, "--identity",
            str(party.files / f"{player.name}{thread}.identity"))
        command[command.index(ROOM)] = room
        client = player.spawn(f"client-{player.name}-{room}", *command)
        wait_for(f"{player.name} to be plugged into {room}", lambda: has_carrier(client, player, tap), 15)
        player.run("ip", "addr", "add", f"{NETWORKS[thread]}.{number}/24", "dev", tap)
        return client

    def ask(self, *words: str) -> str:
        return self.party.relay_host.run(RELAY_PROGRAM, *words)

    def status(self) -> dict:
        return json.loads(self.ask("status", "--json"))

    def client_of(self, player: str, code: str) -> Program:
        return next(p for p in self.party.lab.programs if p.name == f"client-{player}-{code}" and p.is_running())

    def names_in(self, code: str) -> list[str]:
        return sorted(member["name"] for room in self.status()["rooms"] if room["room"] == code
                      for member in room["members"])

    def everybody_is_here(self) -> None:
        for code in ROOMS:
            wait_for(f"both players to be in {code}", lambda: self.names_in(code) == ["player", "player2"], 20)

    def frames_pass_in_both_rooms(self) -> None:
        for network in NETWORKS.values():
            ping_all(self.players[0], f"{network}.2", 20)


class SeveralThreads(WorkersCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.config = pathlib.Path(party.files / "relay.toml")
        cls.config.write_text("max_rooms = 2\n")
        cls.start(party, "--config", str(cls.config))

    def setUp(self) -> None:
        self.everybody_is_here()

    def test_carry_every_room(self):
        self.frames_pass_in_both_rooms()

    def test_answer_as_one(self):
        status = self.status()
        self.assertEqual(status["workers"], THREADS)
        self.assertEqual([room["room"] for room in status["rooms"]], sorted(ROOMS))
        self.assertIn("2 rooms, 4 members", self.ask("status"))
        for code in ROOMS:
            self.assertIn(f"Room {code}: no gateway, 2 clients", self.ask("status", code))

    def test_get_their_packets_from_the_kernel(self):
        self.frames_pass_in_both_rooms()
        self.assertEqual(self.status()["handovers"], {"packets": 0, "dropped": 0})

    def test_kick_whoever_the_admin_says(self):
        for code in ROOMS:
            self.assertIn("player2 (#", self.ask("kick", code, "player2"))
        self.everybody_is_here()

    def test_keep_a_banned_member_out_of_all_rooms(self):
        first, second = ROOMS
        clients = [self.client_of("player2", room) for room in ROOMS]
        self.ask("kick", first, "player2", "--ban", "--minutes", "5", "--address")
        wait_for("player2 to be out of the one room", lambda: self.names_in(first) == ["player"])
        wait_for("player2 to be out of the other", lambda: self.names_in(second) == ["player"])
        for client in clients:
            client.wait_for_output("You are banned from this relay for 5 min more")
            client.wait()
        self.ask("unban", "1")
        for room, thread in ROOMS.items():
            self.start_member(self.party, self.party.player2, room, thread, 2)

    def test_read_their_configuration_again(self):
        self.config.write_text("max_rooms = 3\nthreads = 1\n")
        os.kill(self.party.relay.pid, signal.SIGHUP)
        self.party.relay.wait_for_output("configuration reloaded")
        self.frames_pass_in_both_rooms()

    def test_have_no_more_rooms_than_one_would(self):
        self.config.write_text("max_rooms = 2\n")
        os.kill(self.party.relay.pid, signal.SIGHUP)
        command = self.party.member_command("lanparty-client", "--tap", "party9", "--identity",
                                            str(self.party.files / "late.identity"))
        late = self.party.player.spawn("client-late", *command)
        self.party.relay.wait_for_output("relay_full: This relay is full: it has 2 rooms")
        late.stop()

    def test_let_no_second_relay_take_their_packets(self):
        second = self.party.relay_host.spawn("second-relay", *self.party.relay_command(
            "--threads", str(THREADS), "--metrics-listen", "off"))
        self.assertEqual(second.wait(), 1)
        self.assertIn("the port is in use by another program", second.output())


class ThreadsWhosePacketsTheKernelDoesNotSort(WorkersCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        # A kernel that has no memory for the program that sorts: enough for addresses beside a packet, no more.
        party.relay_host.set_sysctl("net.core.optmem_max", 128)
        cls.start(party)

    def setUp(self) -> None:
        if "threads hand over each other's packets" not in self.party.relay.output():
            self.skipTest("this kernel cannot be kept from sorting packets")
        self.everybody_is_here()

    def test_hand_them_over(self):
        self.party.player.run("python3", "-c", STRAY_PACKETS)
        wait_for("packets to be handed over", lambda: self.status()["handovers"]["packets"] > 0)
        self.assertEqual(self.status()["handovers"]["dropped"], 0)

    def test_carry_every_room(self):
        self.frames_pass_in_both_rooms()


class AtTheEnd(WorkersCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.start(party)

    def test_everybody_hears_of_it_and_the_program_ends_well(self):
        relay = self.party.relay
        self.assertEqual(relay.stop(), 0)
        self.assertRegex(relay.output(), r"shutting down rooms=2 members=4")
        self.assertRegex(relay.output(), r"(?m) stopped$")
        for player in self.players:
            for code in ROOMS:
                self.client_of(player.name, code).wait_for_output("shutting down")


if __name__ == "__main__":
    main()
