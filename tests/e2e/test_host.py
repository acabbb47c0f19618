"""The gateway's own machine is part of the party: its services reach the players and it reaches them."""

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import Capture, iperf3, ping_all
from party import FRIEND, LAN, LEASES, TAP, Party, is_seated

HOST = "10.77.0.20"


def start_dhcp_server(party: Party) -> Program:
    """On the gateway's machine, as an organiser with one box would have it."""
    program = party.gateway_host.spawn(
        "dnsmasq", "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--interface=lan",
        "--bind-interfaces", f"--dhcp-range={LEASES[0]},{LEASES[1]},1h", f"--dhcp-leasefile={party.files / 'leases'}",
        "--pid-file=", "--dhcp-authoritative", "--no-ping", f"--host-record=game.party,{HOST}")
    program.wait_for_output("DHCP, IP range")
    return program


class AServerOnTheGatewaysMachine(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.gateway_host.run("ip", "addr", "add", f"{HOST}/{LAN.prefixlen}", "dev", "lan")
        start_dhcp_server(party)
        party.start_relay()
        party.start_gateway()
        party.start_client(party.player, "--dhcp")
        cls.player = party.lease(party.player)

    def test_is_reached_and_reaches_the_players(self):
        ping_all(self.party.player, HOST, 5, 1472)
        ping_all(self.party.gateway_host, self.player, 5, 1472)
        ping_all(self.party.friend, self.player, 1)
        ping_all(self.party.friend, HOST, 1)

    def test_exchanges_bulk_traffic_with_them_both_ways(self):
        for what, flags in (("TCP to this machine", ()), ("TCP from this machine", ("-R",))):
            with self.subTest(what):
                flow = iperf3(self.party.gateway_host, self.party.player, HOST, *flags)
                print(f"{what}: {flow.megabits_per_second:.0f} Mbit/s", flush=True)
                self.assertGreater(flow.megabits_per_second, 50)
        flow = iperf3(self.party.gateway_host, self.party.player, HOST, "-u", "-b", "10M", "-l", "1472", seconds=2)
        self.assertLess(flow.lost_percent, 2)

    def test_what_is_only_for_this_machine_does_not_go_onto_the_wire(self):
        player, host = self.party.player.mac(TAP), self.party.gateway_host.mac("lan")
        with Capture(self.party.lan, "gateway", f"ether src {player} and ether dst {host}") as seen:
            ping_all(self.party.player, HOST, 3)
        self.assertEqual(seen.packets(), [])

    def test_a_players_broadcast_arrives_once_everywhere(self):
        self.expect_once(self.party.player, self.player,
                         ((self.party.gateway_host, "lan"), (self.party.friend, "eth0")), returns_to=TAP)

    def test_a_broadcast_of_this_machine_arrives_once_everywhere(self):
        self.expect_once(self.party.gateway_host, HOST,
                         ((self.party.player, TAP), (self.party.friend, "eth0")), returns_to="lan")

    def expect_once(self, sender: Host, address: str, receivers, returns_to: str) -> None:
        what = f"udp port 6112 and src host {address}"
        what = f"({what}) or (vlan and {what})"  # the gateway's own machine gets it with a tag of no meaning
        captures = [Capture(host, nic, what, incoming=True) for host, nic in receivers]
        echo = Capture(sender, returns_to, what, incoming=True)
        sender.run("python3", "-c", "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
                   "s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1);"
                   f"s.bind(('{address}', 6112)); s.sendto(b'anybody?', ('{LAN.broadcast_address}', 6112))")
        for capture in captures:
            capture.wait_for_packet("the broadcast")
            capture.stop()
            self.assertEqual(len(capture.packets()), 1)
        echo.stop()
        self.assertEqual(echo.packets(), [])


def state_of(host: Host) -> list[str]:
    """Everything a program might change on a machine's network."""
    return [host.run(*command.split()) for command in (
        "ip -d link show", "ip addr show", "ip -4 route show table all", "ip -6 route show table all", "ip rule show",
        "tc qdisc show", "tc filter show dev lan ingress", "ethtool -k lan", "ethtool -k wan")]


class TheGatewaysMachine(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_relay()
        party.gateway_host.run("ip", "addr", "add", f"{HOST}/{LAN.prefixlen}", "dev", "lan")

    def is_settled(self) -> bool:
        return "tentative" not in self.party.gateway_host.run("ip", "addr", "show")

    def expect_as_before(self, end) -> None:
        wait_for("the machine's addresses to be settled", self.is_settled, 10)
        before = state_of(self.party.gateway_host)
        gateway = self.party.start_gateway()
        self.assertNotEqual(state_of(self.party.gateway_host), before)
        end(gateway)
        wait_for("the kernel to clear up", lambda: state_of(self.party.gateway_host) == before, 5)

    def test_is_as_it_was_after_the_gateway(self):
        self.expect_as_before(lambda gateway: self.assertEqual(gateway.stop(), 0))

    def test_is_as_it_was_when_the_gateway_was_killed(self):
        self.expect_as_before(lambda gateway: gateway.kill())

    def test_keeps_its_own_connection_to_the_lan_meanwhile(self):
        gateway = self.party.start_gateway()
        ping_all(self.party.gateway_host, FRIEND, 3)
        gateway.stop()
        ping_all(self.party.gateway_host, FRIEND, 3)


class ABridge(PartyCase):
    """The interface is a port of the organiser's own bridge, as on a hypervisor."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        for command in ("link add vmbr0 type bridge", "link set lan master vmbr0", "link set vmbr0 up",
                        f"addr add {HOST}/{LAN.prefixlen} dev vmbr0"):
            party.gateway_host.run("ip", *command.split())
        party.start_relay()

    def test_is_named_when_the_gateway_is_given_its_port(self):
        gateway = self.party.start_gateway()
        gateway.wait_for_output("remote players cannot reach this machine itself.*lan is a part of vmbr0; "
                                "run the gateway with --interface vmbr0")
        gateway.stop()

    def test_serves_as_the_gateways_interface(self):
        command = ["vmbr0" if word == "lan" else word for word in self.party.gateway_command()]
        gateway = self.party.gateway_host.spawn("gateway-on-bridge", *command)
        wait_for("the gateway to be seated", lambda: is_seated(gateway), 15)
        client = self.party.start_client(self.party.player)
        self.party.give_address(self.party.player, "10.77.0.30")
        ping_all(self.party.player, HOST, 3)
        ping_all(self.party.player, FRIEND, 3)
        ping_all(self.party.gateway_host, FRIEND, 3)
        client.stop()
        gateway.stop()


class AGatewayWithTwoRights(PartyCase):
    """CAP_NET_RAW and CAP_NET_ADMIN, and no other that root has."""

    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.gateway_host.run("ip", "addr", "add", f"{HOST}/{LAN.prefixlen}", "dev", "lan")
        party.start_relay()
        gateway = party.gateway_host.spawn("gateway", "setpriv", "--bounding-set=-all,+net_raw,+net_admin",
                                           *party.gateway_command())
        wait_for("the gateway to be seated", lambda: is_seated(gateway), 15)
        party.start_client()
        party.give_address(party.player, "10.77.0.30")

    def test_reaches_the_lan_and_its_own_machine(self):
        ping_all(self.party.player, FRIEND, 3)
        ping_all(self.party.player, HOST, 3)


if __name__ == "__main__":
    main()
