"""A relay with certificates from outside: members believe it by name, and a renewal drops nobody."""

import os
import pathlib
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

from case import PartyCase, main
from lab import Failure, wait_for
from measure import iperf3, ping_all
from party import FRIEND, PLAYER2_MAC, RELAY, RELAY_PORT, TAP, Party
from steady import SteadyPing, now

HOOK = pathlib.Path(__file__).resolve().parents[2] / "packaging/certbot-deploy-hook"
NAME = "relay.example.org"
SYSTEM_STORE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
POLLS = 15.0  # seconds within which the relay has looked at its files twice


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Issuer:
    """A certificate authority of our own."""

    def __init__(self, folder: pathlib.Path, name: str):
        self.folder = folder
        self.certificate, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", f"/CN={name}", "-keyout", str(self.key), "-out", str(self.certificate))

    def issue(self, lineage: pathlib.Path, name: str = NAME, days: int = 30, key: str = "ec") -> None:
        """What certbot leaves in /etc/letsencrypt/live/NAME."""
        lineage.mkdir(exist_ok=True)
        kind = ("rsa:2048",) if key == "rsa" else ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        leaf, private, request = lineage / "cert.pem", lineage / "privkey.pem", lineage / "request.pem"
        extensions = lineage / "extensions"
        extensions.write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth\n")
        openssl("req", "-newkey", *kind, "-nodes", "-subj", f"/CN={name}", "-keyout", str(private), "-out", str(request))
        openssl("x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self.key),
                "-CAcreateserial", "-days", str(days), "-extfile", str(extensions), "-out", str(leaf))
        (lineage / "fullchain.pem").write_text(leaf.read_text() + self.certificate.read_text())


def without(command: list[str], *flags: str) -> list[str]:
    """`command` without these flags and their values."""
    return [word for before, word in zip([""] + command, command) if word not in flags and before not in flags]


class CertifiedParty(PartyCase):
    """self.issuer's certificates reach the relay through the deploy hook, as they do after a renewal."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.issuer = Issuer(party.files, "party-issuer")
        cls.lineage, cls.tls = party.files / "live", party.files / "tls"
        cls.issuer.issue(cls.lineage)
        cls.deploy()
        cls.trust_in_the_system()
        settings = party.files / "relay.toml"
        settings.write_text("[guards]\n")
        party.start_relay("--cert", str(cls.tls / "fullchain.pem"), "--key", str(cls.tls / "privkey.pem"), "--config",
                          str(settings))

    @classmethod
    def deploy(cls) -> None:
        environment = {**os.environ, "RENEWED_LINEAGE": str(cls.lineage), "LANPARTY_TLS_DIR": str(cls.tls),
                       "LANPARTY_TLS_GROUP": "root"}
        subprocess.run([str(HOOK)], env=environment, check=True)

    @classmethod
    def trust_in_the_system(cls) -> None:
        """Only for the programs of this test: the mount ends with its namespace."""
        subprocess.run(["mount", "--bind", str(cls.issuer.certificate), str(SYSTEM_STORE)], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", str(SYSTEM_STORE)], check=True)

    @classmethod
    def by_name(cls, command: list[str], name: str = NAME) -> list[str]:
        """As for a relay with a certificate of a public authority: no certificate file."""
        return [*without(command, "--relay-ca-cert", "--server-name"), "--server-name", name]

    def refused(self, sentence: str, *command: str) -> None:
        client = self.party.player2.spawn("client-refused", *command)
        self.assertNotEqual(client.wait(20), 0)
        self.assertRegex(client.output(), sentence)


class ARelayWithACertificate(CertifiedParty):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        super().set_up_party(party)
        party.start_dhcp_server()
        cls.gateway = party.gateway_host.spawn("gateway", *cls.by_name(party.gateway_command()))
        cls.gateway.wait_for_output("Joined room")
        cls.client = party.start_client_as(party.player, cls.by_name(party.client_command(party.player)))
        party.give_address(party.player, "10.77.0.30")

    def command2(self, name: str = NAME) -> list[str]:
        return self.by_name(self.party.client_command(self.party.player2, "--virtual-mac", PLAYER2_MAC), name)

    def test_is_believed_by_its_name(self):
        ping_all(self.party.player, FRIEND, 3)

    def test_is_not_believed_by_another_name(self):
        self.refused("not for the name other.example", *self.command2("other.example"))

    def test_is_not_believed_by_those_who_trust_somebody_else(self):
        other = Issuer(self.party.files, "other-issuer")
        self.refused("not one this member was told to trust, nor is its issuer CN=party-issuer",
                     *self.command2(), "--relay-ca-cert", str(other.certificate))

    def test_renews_it_without_losing_a_ping(self):
        before = self.party.relay.output().count("certificate in use")
        with SteadyPing(self.party.player, FRIEND) as flow:
            began = now()
            self.issuer.issue(self.lineage, key="rsa")
            self.deploy()
            wait_for("the new certificate", lambda: self.party.relay.output().count("certificate in use") > before, POLLS)
            self.assertRegex(self.party.relay.output(), "key=RSA")
            self.joins_with_the_new_one()
            flow.wait_until_it_runs(now(), 5)
            self.assertEqual(flow.lost(), 0)
            self.assertLess(flow.longest_silence(began), 1)
        self.assertNotRegex(self.party.relay.output(), "member left .* name=(Hall|player) ")

    def test_loses_nothing_of_a_flow_while_it_renews_and_reloads(self):
        relay = int(self.party.relay_host.run("pgrep", "-f", "^[^ ]*lanparty-relay ").split()[-1])
        with ThreadPoolExecutor(1) as pool:
            flow = pool.submit(iperf3, self.party.friend, self.party.player, FRIEND, "-u", "-b", "20M", "-l", "1200",
                               seconds=10)
            wait_for("the flow", lambda: self.party.friend.run("ss", "-Huna", "sport", "=", ":5201"))
            for _ in range(3):
                certificates, reloads = (self.party.relay.output().count(words) for words in
                                         ("certificate in use", "configuration reloaded"))
                self.issuer.issue(self.lineage)
                self.deploy()
                os.kill(relay, signal.SIGHUP)
                wait_for("the relay to reload", lambda: self.party.relay.output().count("configuration reloaded") > reloads)
                wait_for("the certificate", lambda: self.party.relay.output().count("certificate in use") > certificates,
                         POLLS)
            self.assertEqual(flow.result().lost_percent, 0)

    def joins_with_the_new_one(self) -> None:
        leaf = str(self.lineage / "cert.pem")
        client = self.party.start_client_as(self.party.player2, [*self.command2(), "--relay-ca-cert", leaf])
        client.stop()
        wait_for("player 2 to be gone", lambda: not self.party.player2.link(TAP))

    def test_stays_with_the_old_one_when_the_new_one_is_broken(self):
        (self.tls / "privkey.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
        self.party.relay.wait_for_output(r"not taken, the one before stays.*fullchain\.pem: .*key", POLLS)
        client = self.party.start_client_as(self.party.player2, self.command2())
        client.stop()
        wait_for("player 2 to be gone", lambda: not self.party.player2.link(TAP))
        self.deploy()


class ARelayWithAnExpiredCertificate(CertifiedParty):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        super().set_up_party(party)
        cls.issuer.issue(cls.lineage, days=-1)
        cls.deploy()
        party.relay.wait_for_output("the certificate has expired", POLLS)

    def test_is_refused_with_that_reason(self):
        self.refused("has expired", *self.by_name(self.party.client_command(self.party.player2)))


class CommandLine(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        cls.issuer = Issuer(party.files, "party-issuer")
        cls.issuer.issue(party.files / "one")
        cls.issuer.issue(party.files / "two")

    def ends(self, code: int, sentence: str, *flags: str) -> None:
        relay = self.party.relay_host.spawn("relay", *self.party.relay_command(*flags))
        self.assertEqual(relay.wait(), code)
        self.assertRegex(relay.output(), sentence)

    def test_wants_a_key_with_a_certificate(self):
        self.ends(2, "--key", "--cert", str(self.party.files / "one/fullchain.pem"))

    def test_wants_the_key_of_that_certificate(self):
        self.ends(1, "fullchain.pem: the key does not belong to the certificate",
                  "--cert", str(self.party.files / "one/fullchain.pem"),
                  "--key", str(self.party.files / "two/privkey.pem"))

    def test_names_a_file_that_is_not_there(self):
        self.ends(1, "cannot read /nowhere.pem", "--cert", "/nowhere.pem", "--key", "/nowhere.pem")


if __name__ == "__main__":
    main()
