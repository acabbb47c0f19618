"""A game beside an upload that fills the player's line: nothing of the game is lost, and the upload goes on."""

import json
import re

from case import PartyCase, main
from lab import Program
from measure import ping_all
from party import FRIEND, Party
from steady import GameFlow

PLAYER = "10.77.0.30"
SECONDS = 6


class BesideAnUpload(PartyCase):
    """The player's line has 20 Mbit/s and a router that holds 200 ms of them."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        party.start_gateway()
        party.player.run("tc", "qdisc", "replace", "dev", "wan", "root", "tbf", "rate", "20mbit", "burst", "5kb",
                         "latency", "200ms")

    def start_client(self, *flags: str) -> Program:
        client = self.party.start_client(self.party.player, *flags)
        self.addCleanup(client.stop)
        self.party.give_address(self.party.player, PLAYER)
        ping_all(self.party.player, FRIEND, 3)
        return client

    def play_beside(self, *upload: str) -> float:
        """Plays while an upload runs, and looks at both; the upload's Mbit/s."""
        server = self.party.friend.spawn("iperf3-server", "iperf3", "-s", "-1", "--forceflush", "-B", FRIEND)
        server.wait_for_output("Server listening")
        sender = self.party.player.spawn("iperf3", "iperf3", "-c", FRIEND, "-J", "-t", str(SECONDS + 1), *upload)
        game = GameFlow(self.party.player, self.party.friend, FRIEND, SECONDS).finish()
        sender.wait(SECONDS + 20)
        server.stop()
        self.assertEqual(game.lost, 0)
        self.assertEqual(game.out_of_order, 0)
        end = json.loads(sender.output())["end"]
        received = (end.get("sum_received") or end["sum"])["bits_per_second"] / 1e6
        self.assertGreater(received, 5)
        print(f"{' '.join(upload)}: {received:.1f} Mbit/s, a game's round trip of {max(game.round_trips_ms):.1f} ms at worst",
              flush=True)
        return received

    def drops(self, client: Program) -> dict[str, int]:
        client.stop()
        counted = re.findall(r"\b([a-z_]+):(\d+)", client.tail(4))
        return {name: int(count) for name, count in counted}

    def test_tcp_connections_leave_the_game_alone(self):
        self.start_client()
        self.play_beside("-C", "cubic", "-P", "4")

    def test_so_they_do_below_an_uplink_limit_which_the_upload_keeps_to(self):
        client = self.start_client("--uplink-limit", "15mbit")
        self.assertLess(self.play_beside("-C", "cubic", "-P", "4"), 15)
        drops = self.drops(client)
        self.assertGreater(drops.get("queue_standing", 0), 0, drops)
        self.assertEqual(drops.get("queue_full", 0), 0, drops)

    def test_more_datagrams_than_the_line_takes_do_as_well(self):
        client = self.start_client("--uplink-limit", "15mbit")
        self.play_beside("-u", "-b", "60M", "-l", "1300")
        drops = self.drops(client)
        self.assertGreater(drops.get("queue_late", 0) + drops.get("queue_full", 0), 0, drops)


if __name__ == "__main__":
    main()
