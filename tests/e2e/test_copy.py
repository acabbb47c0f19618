"""A large file copied through the party arrives as it was, with every offload of the machines and with none."""

import hashlib
import os
import pathlib

from case import PartyCase, main
from lab import Host
from measure import ping_all
from party import FRIEND, TAP, Party, python

PLAYER = "10.77.0.30"
PORT = 8080
MEBIBYTE = 1 << 20
FETCH = """
import hashlib, sys, urllib.request
digest = hashlib.sha256()
with urllib.request.urlopen(sys.argv[1], timeout=120) as source:
    while block := source.read(1 << 20):
        digest.update(block)
print(digest.hexdigest())
"""
OFFLOADS = ("tso", "gso", "gro", "tx", "rx")


def write_file(path: pathlib.Path, mebibytes: int) -> str:
    """Random bytes; answers their SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(mebibytes):
            block = os.urandom(MEBIBYTE)
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


class CopiedFile(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        ping_all(party.player, FRIEND, 1)

    def copy(self, sender: Host, address: str, receiver: Host, mebibytes: int) -> None:
        path = self.party.files / "copied"
        digest = write_file(path, mebibytes)
        server = sender.spawn("http-server", python(), "-u", "-m", "http.server", str(PORT), "--bind", address,
                              "--directory", str(path.parent))
        server.wait_for_output("Serving HTTP")
        try:
            arrived = receiver.run(python(), "-c", FETCH, f"http://{address}:{PORT}/{path.name}", seconds=150)
        finally:
            server.stop()
            path.unlink()
        self.assertEqual(arrived.strip(), digest)

    def copy_both_ways(self, mebibytes: int) -> None:
        self.copy(self.party.player, PLAYER, self.party.friend, mebibytes)
        self.copy(self.party.friend, FRIEND, self.party.player, mebibytes)

    def test_a_gibibyte_arrives_as_it_was(self):
        self.copy_both_ways(1024)

    def test_so_does_a_file_between_machines_without_offloads(self):
        cards = ((self.party.player, TAP), (self.party.player, "wan"), (self.party.gateway_host, "wan"),
                 (self.party.gateway_host, "lan"), (self.party.friend, "eth0"), (self.party.relay_host, "wan"))
        for host, card in cards:
            for offload in OFFLOADS:
                host.run("ethtool", "-K", card, offload, "off", check=False)
        self.copy_both_ways(64)


if __name__ == "__main__":
    main()
