"""The gateway carries what a cable carries, to the byte, leaves the LAN's own talk alone, and lives with its cable."""

import contextlib
import json
import os
import pathlib
import struct
import sys

from case import PartyCase, main
from lab import Failure, Host, Program, wait_for
from measure import Capture, ping, ping_all
from party import FRIEND, TAP, Party

FRAMES = pathlib.Path(__file__).with_name("cable_frames.py")
FLOOD = pathlib.Path(__file__).with_name("flood_unicast.py")
PYTHON = "/usr/bin/python3"  # the one that Debian's scapy belongs to
PLAYER = "10.77.0.30"
NOBODY = "02:00:5e:00:00:ee"
ALL_GUARDS = ("switch_control", "eapol", "pause", "hidden_header", "dhcp_server", "router_advertisement", "vlan",
              "address_claims", "home_shield")


def frames_of(capture: Capture) -> list[bytes]:
    """What the capture's file holds, as it is."""
    file = capture.file.read_bytes()
    found, at = [], 24
    while at + 16 <= len(file):
        size = struct.unpack_from("I", file, at + 8)[0]
        found.append(file[at + 16:at + 16 + size])
        at += 16 + size
    return found


class EveryFrame(PartyCase):
    """With the guards off, since they stop some of these on purpose."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        settings = party.files / "relay.toml"
        settings.write_text("".join(f"guards.{guard} = false\n" for guard in ALL_GUARDS))
        party.start_relay("--config", str(settings))
        party.start_gateway()
        party.start_client(party.player)
        party.give_address(party.player, PLAYER)
        for host, nic in ((party.player, TAP), (party.gateway_host, "lan"), (party.friend, "eth0"),
                          (party.lan, "gateway"), (party.lan, "friend")):
            host.run("ip", "link", "set", "dev", nic, "mtu", "1504")  # what a second VLAN tag needs
        ping_all(party.player, FRIEND, 1)  # the switch knows both

    def assert_arrive(self, sender: Host, nic: str, receiver: Host, other_nic: str) -> None:
        source, destination = sender.mac(nic), receiver.mac(other_nic)
        frames = {name: bytes.fromhex(frame) for name, frame in
                  json.loads(sender.run(PYTHON, str(FRAMES), "list", source, destination)).items()}
        with Capture(receiver, other_nic, "", incoming=True) as seen:
            sender.run(PYTHON, str(FRAMES), "send", source, destination, nic)
            wait_for("the last frame", lambda: list(frames.values())[-1] in frames_of(seen), 5)
        known = {frame: name for name, frame in frames.items()}
        arrived = [known[frame] for frame in frames_of(seen) if frame in known]
        self.assertEqual(arrived, list(frames))

    def test_arrives_from_the_lan_byte_for_byte(self):
        self.assert_arrive(self.party.friend, "eth0", self.party.player, TAP)

    def test_arrives_on_the_lan_byte_for_byte(self):
        self.assert_arrive(self.party.player, TAP, self.party.friend, "eth0")


def processor_seconds(program: Program) -> float:
    fields = pathlib.Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class ABusyLan(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        party.start_gateway()
        party.start_client(party.player)
        party.give_address(party.player, PLAYER)

    def sent_up(self) -> int:
        links = self.party.gateway_host.json("ip", "-j", "-s", "link", "show", "dev", "wan")
        return links[0]["stats64"]["tx"]["packets"]

    def received(self) -> int:
        links = self.party.gateway_host.json("ip", "-j", "-s", "link", "show", "dev", "lan")
        return links[0]["stats64"]["rx"]["packets"]

    def test_keeps_its_private_unicast_out_of_the_gateway(self):
        seconds = 5
        before = processor_seconds(self.party.gateway), self.sent_up(), self.received()
        self.party.dhcp.run(sys.executable, str(FLOOD), "eth0", NOBODY, "100000", str(seconds))
        spent = processor_seconds(self.party.gateway) - before[0]
        up, heard = self.sent_up() - before[1], self.received() - before[2]
        print(f"{heard / seconds:.0f} frames/s at the interface: {spent / seconds * 100:.2f} % of a core, "
              f"{up} packets sent up in {seconds} s", flush=True)
        self.assertGreater(heard, 10_000 * seconds)
        self.assertLess(up, 200)

    def test_carries_meanwhile_what_is_for_a_player(self):
        flood = self.party.dhcp.spawn("flood", sys.executable, str(FLOOD), "eth0", NOBODY, "20000", "5")
        ping_all(self.party.friend, PLAYER, 5)
        self.assertEqual(flood.wait(), 0)


class TheCable(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        party.start_gateway()
        party.start_client(party.player)
        party.give_address(party.player, PLAYER)

    def setUp(self) -> None:
        self.assert_works()

    def assert_works(self) -> None:
        wait_for("the player to reach the LAN", self.is_answered)

    def is_answered(self) -> bool:
        with contextlib.suppress(Failure):
            return ping(self.party.player, FRIEND, 1).received == 1
        return False

    def test_a_pulled_cable_is_said_and_plugging_it_in_again_is_enough(self):
        self.party.lan.run("ip", "link", "set", "dev", "gateway", "down")
        self.party.gateway.wait_for_output("the cable was pulled; waiting for it")
        self.party.lan.run("ip", "link", "set", "dev", "gateway", "up")
        self.party.gateway.wait_for_output("the cable is plugged in")
        self.assert_works()

    def test_an_interface_taken_down_is_said_and_bringing_it_up_is_enough(self):
        self.party.gateway_host.run("ip", "link", "set", "dev", "lan", "down")
        self.party.gateway.wait_for_output("the interface was taken down; waiting for it to come up")
        self.party.gateway_host.run("ip", "link", "set", "dev", "lan", "up")
        self.assert_works()

    def test_y_an_interface_that_is_gone_is_said_and_used_again_once_back(self):
        self.party.gateway_host.run("ip", "link", "del", "dev", "lan")
        self.party.gateway.wait_for_output("the interface is gone; waiting for it to return")
        self.party.lab.plug(self.party.gateway_host, "lan", self.party.lan)
        self.party.gateway.wait_for_output("the interface is back")
        self.assert_works()

    def test_z_a_renamed_interface_stays_the_same(self):
        for verb in (("down",), ("name", "lan-party"), ("up",)):
            self.party.gateway_host.run("ip", "link", "set", "dev", "lan-party" if verb == ("up",) else "lan", *verb)
        self.party.gateway.wait_for_output("the interface has a new name")
        self.assert_works()


if __name__ == "__main__":
    main()
