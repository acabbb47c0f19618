"""A member whose program has no safeties tries every guard, every limit and every false proof on the real programs."""

import json
import pathlib

import hostile_frames as frames
from case import PartyCase, main
from lab import wait_for
from measure import Capture, ping_all
from party import BINARIES, FRIEND, PLAYER2_MAC, RELAY, RELAY_PORT, ROOM, TAP, Party, is_seated
from steady import now

HOSTILE = BINARIES.parent / "tests/hostile_member"
OWN = "02:00:5e:10:66:01"
INNOCENT, OURS = 0x88B6, 0x88B5  # for local experiments (IEEE 802); the latter is what softlan's gateway sends itself
ELSEWHERE = "ELSEWHERE"


class HostileCase(PartyCase):
    def hostile(self, *arguments: str, room: str = ROOM, own: str = OWN, lines: str = "") -> str:
        """What the program said."""
        return self.party.player2.run(str(HOSTILE), f"{RELAY}:{RELAY_PORT}", str(self.party.certificate), room, own,
                                      *arguments, stdin=lines, seconds=30)

    def send(self, *what: bytes | tuple[bytes, int], room: str = ROOM) -> int:
        """Sends frames, or pairs of a frame and how often. How many frames came back meanwhile."""
        pairs = [one if isinstance(one, tuple) else (one, 1) for one in what]
        said = self.hostile(room=room, lines="".join(f"{frame.hex()} {times}\n" for frame, times in pairs))
        self.assertRegex(said, r"^seated; received \d+")
        return int(said.split("received ")[1].split()[0])

    def status(self) -> dict:
        return json.loads(self.party.relay_host.run(str(BINARIES / "lanparty-relay"), "status", "--json"))

    def drops(self, room: str = ROOM) -> dict[str, int]:
        return next((one["drops"] for one in self.status()["rooms"] if one["room"] == room), {})


class InARoom(HostileCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        config = party.files / "relay.toml"
        config.write_text('[[room]]\ncode = "NARROW"\nlimits.client.bytes_per_second = 20_000\n'
                          '[[room]]\ncode = "CROWDED"\nlimits.room_bytes_per_second = 20_000\n')
        party.start_relay("--config", str(config))
        party.start_gateway()
        party.start_client(party.player2, "--virtual-mac", PLAYER2_MAC)
        party.give_address(party.player2, "10.77.0.31")
        ping_all(party.player2, FRIEND, 2)

    def test_every_guard_stops_its_frames_and_says_which(self):
        for reason, hostile in frames.guarded(OWN, PLAYER2_MAC, FRIEND).items():
            for number, frame in enumerate(hostile):
                with self.subTest(reason=reason, number=number):
                    before = self.drops().get(reason, 0)
                    innocent = frames.ethernet(frames.BROADCAST, OWN, INNOCENT, b"innocent")
                    is_innocent = f"(ether proto {INNOCENT:#x} and ether src {OWN})"
                    is_hostile = (f"(ether src {OWN} or ether src {frames.STRANGER}) and not {is_innocent} "
                                  f"and not ether proto {OURS:#x}")
                    with (Capture(self.party.friend, "eth0", is_innocent) as good,
                          Capture(self.party.friend, "eth0", is_hostile) as bad,
                          Capture(self.party.player2, TAP, is_hostile) as bad_for_players):
                        self.send(frame, innocent)
                        good.wait_for_packet("the innocent frame")
                    self.assertEqual(self.drops().get(reason, 0), before + 1)
                    self.assertEqual(bad.packets() + bad_for_players.packets(), [])

    def test_a_storm_shrinks_to_less_than_a_hundredth(self):
        one_port = [(frames.broadcast_udp(OWN, 27015), 20_000)]
        many_ports = [(frames.broadcast_udp(OWN, 20_000 + port), 20) for port in range(1000)]
        for name, reason, storm in (("one port", "storm_control", one_port), ("many ports", "broadcast_limit", many_ports)):
            with self.subTest(name), Capture(self.party.friend, "eth0", f"udp and ether src {OWN}") as seen:
                began = now()
                self.send(*storm)
                seconds = now() - began
                self.assertGreater(self.drops().get(reason, 0), 15_000)
                self.assertLess(len(seen.packets()), 80 + 40 * seconds)  # 200 of 20,000 when they come within 3 s
                self.assertGreater(len(seen.packets()), 10)

    def test_frames_to_nobody_do_not_flood_the_lan(self):
        nobody = [frames.ethernet(f"02:00:5e:77:{i // 256:02x}:{i % 256:02x}", OWN, INNOCENT, b"flood") for i in range(2000)]
        with Capture(self.party.quiet, "eth0", f"ether proto {INNOCENT:#x} and ether src {OWN}") as seen:
            self.send(*nobody)
        self.assertGreater(self.drops().get("unknown_unicast_limit", 0), 1000)
        self.assertLess(len(seen.packets()), 1000)

    def test_a_client_or_a_room_sends_no_more_than_it_may(self):
        crowded = ["CROWDED" if word == ROOM else word for word in self.party.client_command(self.party.player)]
        listener = self.party.player.spawn("listener", *crowded)
        wait_for("somebody to send to", lambda: is_seated(listener))
        full = frames.ethernet(self.party.player.mac(TAP), OWN, INNOCENT, bytes(1400))
        for room, reason in (("NARROW", "bandwidth_limit"), ("CROWDED", "room_bandwidth_limit")):
            with self.subTest(room):
                self.send((full, 300), room=room)
                self.party.relay.wait_for_output(rf"member left.*room={room}.*drops=\S*{reason}:[12]\d\d")
        listener.stop()

    def test_rooms_of_one_relay_hear_nothing_of_each_other(self):
        before = self.status()
        with (Capture(self.party.friend, "eth0", f"ether proto {INNOCENT:#x}") as on_the_lan,
              Capture(self.party.player2, TAP, f"ether proto {INNOCENT:#x}") as at_a_player):
            broadcast = frames.ethernet(frames.BROADCAST, OWN, INNOCENT, b"from elsewhere")
            unicast = frames.ethernet(PLAYER2_MAC, OWN, INNOCENT, b"from elsewhere")
            self.party.friend.spawn("pinging", "ping", "-b", "-i", "0.1", "10.77.0.255")
            received = self.send((broadcast, 20), (unicast, 20), room=ELSEWHERE)
        self.assertEqual(received, 0)
        self.assertEqual(on_the_lan.packets() + at_a_player.packets(), [])
        self.assertEqual(len(before["rooms"]), 1)


class AtTheDoor(HostileCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.party = Party("hostile_member-AtTheDoor", passes=True)
        cls.addClassCleanup(cls.party.close)
        cls.party.start_relay()
        cls.party.start_gateway()
        cls.secret = cls.party.link_file.read_text().strip().partition("#")[2]

    def test_nobody_enters_by_a_proof_that_is_not_his(self):
        for kind, end in (("none", "rejected pass_needed"), ("wrong_pass", "rejected room_not_open"),
                          ("other_role", "rejected room_not_open"), ("other_mac", "rejected malformed"),
                          ("other_line", "rejected room_not_open"), ("unasked", "rejected malformed"),
                          ("garbage", "rejected malformed")):
            with self.subTest(kind):
                self.assertRegex(self.hostile(self.secret, "--proof", kind), f"^({end})")
        self.assertEqual([one["name"] for one in self.status()["rooms"][0]["members"]], ["Hall"])

    def test_the_same_program_enters_when_it_does_not_lie(self):
        self.assertEqual(self.hostile(self.secret, "--proof", "honest").strip(), "seated")

    def test_a_wrong_pass_and_a_room_that_is_not_there_look_alike(self):
        wrong = self.hostile("wrong-" + self.secret, "--proof", "honest")
        missing = self.hostile(self.secret, "--proof", "honest", room="NOWHERE")
        self.assertEqual(wrong.replace(ROOM, "ROOM"), missing.replace("NOWHERE", "ROOM"))


if __name__ == "__main__":
    main()
