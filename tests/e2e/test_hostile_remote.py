"""A remote PC that would be the LAN's DHCP server, router, switch or somebody else; and the LAN's own, that may."""

import json
import pathlib

import discovery
from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import Capture, ping_all
from party import BINARIES, DHCP_SERVER, FRIEND, TAP, Party, python

FORGE = pathlib.Path(__file__).with_name("forge.py")
PLAYER = "10.77.0.30"
ROUTER_ADVERTISEMENT = "icmp6 and ip6[40] == 134"


class AHostileRemote(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        ping_all(party.player, FRIEND, 2)
        ping_all(party.player, DHCP_SERVER, 2)
        cls.mac = party.player.mac(TAP)

    def drops(self, reason: str) -> int:
        """How many frames of this room died for the reason so far, by the relay's own account."""
        status = json.loads(self.party.relay_host.run(str(BINARIES / "lanparty-relay"), "status", "--json"))
        return status["rooms"][0]["drops"].get(reason, 0)

    def forge(self, kind: str, *more: str) -> None:
        self.party.player.run(python(), str(FORGE), TAP, kind, *more)

    def dies(self, reason: str, expression: str, send) -> None:
        """Nothing that matches reaches the LAN, the relay names the reason, and an innocent frame passes meanwhile."""
        before = self.drops(reason)
        with (Capture(self.party.friend, "eth0", f"({expression}) and ether src {self.mac}") as bad,
              Capture(self.party.friend, "eth0", f"ether proto 0x88b6 and ether src {self.mac}") as good):
            send()
            self.forge("innocent")
            good.wait_for_packet("the innocent frame")
            wait_for(f"a frame to die as {reason}", lambda: self.drops(reason) > before, 10)
        self.assertEqual(bad.packets(), [])

    def radvd(self, host: Host, nic: str, prefix: str) -> Program:
        settings = self.party.files / f"radvd-{host.name}.conf"
        settings.write_text(f"interface {nic} {{ AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;\n"
                            f"  prefix {prefix} {{}}; }};\n")
        settings.chmod(0o644)
        host.set_sysctl(f"net.ipv6.conf.{nic}.disable_ipv6", 0)
        host.set_sysctl("net.ipv6.conf.all.forwarding", 1)
        wait_for(f"{nic} to have a link-local address", lambda: " scope link" in self.settled(host, nic))
        return host.spawn(f"radvd-{host.name}", "radvd", "--nodaemon", "--logmethod", "stderr", "--config",
                          str(settings), "--pidfile", str(self.party.files / f"radvd-{host.name}.pid"))

    @staticmethod
    def settled(host: Host, nic: str) -> str:
        return host.run("ip", "-6", "addr", "show", "dev", nic, "-tentative")

    def test_a_dhcp_server_on_the_remote_serves_nobody_but_the_lans_does(self):
        rogue = self.party.player.spawn(
            "rogue-dnsmasq", "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--port=0",
            f"--interface={TAP}", "--bind-interfaces", "--dhcp-range=10.77.0.200,10.77.0.250,1h",
            f"--dhcp-leasefile={self.party.files / 'rogue-leases'}", "--pid-file=", "--dhcp-authoritative", "--no-ping")
        rogue.wait_for_output("DHCP, IP range")
        before = self.drops("dhcp_server")
        with Capture(self.party.friend, "eth0", f"udp src port 67 and ether src {self.mac}") as offers:
            self.assertRegex(discovery.dhcp_offer(self.party.friend, "eth0"), r"^10\.77\.0\.1[0-5]\d$")
            wait_for("the rogue's offer to die", lambda: self.drops("dhcp_server") > before, 10)
        self.assertEqual(offers.packets(), [])
        rogue.stop()

    def test_a_router_on_the_remote_is_not_heard_but_the_lans_is(self):
        rogue = self.radvd(self.party.player, TAP, "2001:db8:bad::/64")
        self.dies("router_advertisement", ROUTER_ADVERTISEMENT, lambda: None)
        rogue.stop()
        with Capture(self.party.player, TAP, ROUTER_ADVERTISEMENT) as heard:
            router = self.radvd(self.party.dhcp, "eth0", "2001:db8:77::/64")
            heard.wait_for_packet("the LAN's router advertisement at the remote", 10)
        router.stop()

    def test_a_switch_on_the_remote_is_no_part_of_the_lans_tree(self):
        self.dies("switch_control", "ether dst 01:80:c2:00:00:00", lambda: self.forge("bpdu"))

    def test_a_remote_takes_neither_the_routers_nor_a_friends_address(self):
        for address in (DHCP_SERVER, FRIEND):
            with self.subTest(address=address):
                self.dies("address_claim", f"arp src host {address}", lambda a=address: self.forge("arp", a))


if __name__ == "__main__":
    main()
