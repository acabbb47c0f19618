"""Whatever is wrong with flags, files, rights or the room: one sentence, exit code 2 for usage and 1 for the rest."""

import re

from case import PartyCase, main
from lab import Host, wait_for
from measure import ping_all
from party import BINARIES, FRIEND, RELAY, RELAY_PORT, TAP, Party

LOG_LINE = re.compile(r'^(\d{4}-\d\d-\d\dT|\{"ts")')
NO_RIGHTS = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
USAGE, OTHER = 2, 1


def replaced(command: list[str], flag: str, value: str) -> list[str]:
    at = command.index(flag)
    return [*command[: at + 1], value, *command[at + 2:]]


def without(command: list[str], flag: str) -> list[str]:
    at = command.index(flag)
    return [*command[:at], *command[at + 2:]]


class Errors(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, "10.77.0.30")

    def refuses(self, host: Host, command: list[str], exit_code: int, *words: str, seconds: float = 20) -> None:
        """The command ends by itself with this exit code and one sentence that has these words in it."""
        silent = ["sh", "-c", 'exec "$@" >/dev/null', "sh", *command]  # only what it says on standard error
        program = host.spawn(f"refused-{len(self.party.lab.programs)}", *silent)
        got = program.wait(seconds)
        said = [line for line in program.output().splitlines() if line.strip() and not LOG_LINE.match(line)]
        self.assertEqual((got, len(said)), (exit_code, 1), f"{' '.join(command)}\n{program.output()}")
        for word in words:
            self.assertRegex(said[0], f"(?i){word}")

    def refuses_values(self, host: Host, command: list[str], wrong: list[tuple[str, str]]) -> None:
        for flag, value in wrong:
            with self.subTest(flag=flag, value=value):
                changed = replaced(command, flag, value) if flag in command else [*command, flag, value]
                self.refuses(host, changed, USAGE, flag)

    # --- usage ---

    def test_unknown_and_missing_flags(self):
        for host, command, needed in (
                (self.party.player2, self.party.client_command(self.party.player2),
                 ("--relay", "--room")),
                (self.party.gateway_host, self.party.gateway_command(),
                 ("--relay", "--room", "--interface"))):
            self.refuses(host, [*command, "--no-such-flag"], USAGE, "--no-such-flag")
            self.refuses(host, [*command, "surplus"], USAGE, "surplus")
            for flag in needed:
                with self.subTest(program=command[0], without=flag):
                    self.refuses(host, without(command, flag), USAGE, flag)
        client = self.party.client_command(self.party.player2)
        for flags in ["--adapter", "softlan"], ["--keep-adapter-mac"]:
            self.refuses(self.party.player2, [*client, *flags], USAGE, f"{flags[0]}: only Windows has")
        self.refuses(self.party.relay_host, [*self.party.relay_command(), "--no-such-flag"], USAGE, "--no-such-flag")

    def test_wrong_values_of_client_flags(self):
        self.refuses_values(self.party.player2, self.party.client_command(self.party.player2), [
            ("--relay", "relay"), ("--relay", "relay:0"), ("--relay", "relay:70000"), ("--room", "no blanks"),
            ("--room", "x" * 33), ("--virtual-mac", "nonsense"), ("--virtual-mac", "01:00:5e:00:00:01"),
            ("--virtual-mac", "00:00:00:00:00:00"), ("--log-level", "loud"),
            ("--log-format", "xml"), ("--join-timeout", "soon")])

    def test_wrong_values_of_gateway_flags(self):
        self.refuses_values(self.party.gateway_host, self.party.gateway_command(), [
            ("--relay", "[2001:db8::10"), ("--room", "-dash"), ("--cam-refresh", "often"), ("--log-level", "loud")])

    def test_wrong_values_of_relay_flags(self):
        self.refuses_values(self.party.relay_host, self.party.relay_command(), [
            ("--listen", "nonsense"), ("--listen", "443/tcp"), ("--listen", "70000/udp"), ("--room-mtu", "100"),
            ("--room-mtu", "9000"), ("--max-rooms", "-1"), ("--max-seats", "few"), ("--log-format", "xml")])

    def test_help_and_version_are_no_errors(self):
        for name in ("lanparty-relay", "lanparty-gateway", "lanparty-client"):
            for flag in ("--help", "--version"):
                said = self.party.player2.run(str(BINARIES / name), flag)
                self.assertIn(name if flag == "--version" else "--log-level", said)

    # --- files and machine ---

    def test_an_unreadable_certificate(self):
        garbage = self.party.files / "garbage.der"
        garbage.write_text("not a certificate")
        for path in ("/nonexistent/relay.der", str(garbage), "/"):
            for host, command in ((self.party.player2, self.party.client_command(self.party.player2)),
                                  (self.party.gateway_host, self.party.gateway_command())):
                with self.subTest(path=path, program=command[0]):
                    self.refuses(host, replaced(command, "--relay-ca-cert", path), OTHER, re.escape(path))

    def test_a_certificate_that_cannot_be_written(self):
        command = [str(BINARIES / "lanparty-relay"), "--listen", f"{RELAY}:5545", "--state-dir",
                   str(self.party.files / "other-state"), "--dev-cert-der-out", "/proc/relay.der"]
        self.refuses(self.party.relay_host, command, OTHER, "/proc/relay.der")

    def test_an_unreadable_identity(self):
        broken = self.party.files / "broken.identity"
        broken.write_text("not an identity")
        command = replaced(self.party.client_command(self.party.player2), "--identity", str(broken))
        self.refuses(self.party.player2, command, OTHER, "broken.identity")

    def test_a_port_in_use(self):
        self.refuses(self.party.relay_host, self.party.relay_command(), OTHER, str(RELAY_PORT), "in use")

    def test_an_address_that_is_not_ours(self):
        command = replaced(self.party.relay_command(), "--listen", "198.51.100.1:4433")
        self.refuses(self.party.relay_host, command, OTHER, "198.51.100.1")

    def test_missing_privilege(self):
        self.refuses(self.party.player2, [*NO_RIGHTS, *self.party.client_command(self.party.player2)], OTHER,
                     "root|privilege|permission|permitted|CAP_NET_ADMIN")
        self.refuses(self.party.gateway_host, [*NO_RIGHTS, *self.party.gateway_command()], OTHER,
                     "root|privilege|permission|permitted|CAP_NET_RAW")

    def test_a_missing_or_down_interface(self):
        command = self.party.gateway_command()
        self.refuses(self.party.gateway_host, replaced(command, "--interface", "nosuch0"), OTHER, "nosuch0")
        self.refuses(self.party.gateway_host, replaced(command, "--interface", "lo"), OTHER, "lo")
        self.party.gateway_host.run("ip", "link", "add", "cable", "type", "veth", "peer", "name", "cable-end")
        self.refuses(self.party.gateway_host, replaced(command, "--interface", "cable"), OTHER, "cable", "down|up")

    def test_a_name_no_interface_can_have(self):
        command = self.party.client_command(self.party.player2)
        self.refuses(self.party.player2, replaced(command, "--tap", "much-too-long-a-name"), OTHER,
                     "much-too-long-a-name")

    def test_an_existing_tap(self):
        self.party.player2.run("ip", "tuntap", "add", "dev", TAP, "mode", "tap")
        self.addCleanup(self.party.player2.run, "ip", "link", "del", "dev", TAP)
        self.refuses(self.party.player2, self.party.client_command(self.party.player2), OTHER, TAP, "exist|use")

    # --- relay and room ---

    def test_an_unreachable_relay(self):
        command = self.party.client_command(self.party.player2, "--join-timeout", "2")
        for target in (f"{RELAY}:9", "203.0.113.99:4433", "no-such-name.invalid:4433"):
            with self.subTest(target):
                self.refuses(self.party.player2, replaced(command, "--relay", target), OTHER, re.escape(target), "answer|found")

    def test_a_relay_with_another_certificate(self):
        other = self.party.files / "other.der"
        relay = self.party.relay_host.spawn(
            "other-relay", str(BINARIES / "lanparty-relay"), "--listen", f"{RELAY}:5544", "--state-dir",
            str(self.party.files / "other-state"), "--dev-cert-der-out", str(other))
        wait_for("the other relay's certificate", other.exists)
        command = self.party.client_command(self.party.player2, "--join-timeout", "3")
        self.refuses(self.party.player2, replaced(command, "--relay", f"{RELAY}:5544"), OTHER, "certificate")
        self.assertEqual(relay.stop(), 0)

    def test_a_relay_that_is_called_by_another_name(self):
        command = self.party.client_command(self.party.player2, "--join-timeout", "3")
        self.refuses(self.party.player2, replaced(command, "--server-name", "somebody.else"), OTHER, "certificate|name")

    def test_a_taken_room(self):
        command = replaced(self.party.gateway_command(), "--identity", str(self.party.files / "second.identity"))
        self.refuses(self.party.gateway_host, command, OTHER, "gateway|room")

    def test_a_taken_mac(self):
        mac = self.party.player.mac(TAP)
        command = self.party.client_command(self.party.player2, "--virtual-mac", mac)
        self.refuses(self.party.player2, command, OTHER, mac)
        self.assertIsNone(self.party.player2.link(TAP))

    def test_z_the_party_has_not_noticed(self):
        ping_all(self.party.player, FRIEND, 3)


if __name__ == "__main__":
    main()
