"""What lanparty-gateway doctor finds: each finding by a fault made on purpose."""

import contextlib
import json

from case import PartyCase, main
from lab import Failure, Host, Program, wait_for
from party import BINARIES, DHCP_SERVER, FRIEND, RELAY, RELAY_PORT, ROOM, Party, still_runs
from udp_proxy import UdpProxy

NO_RIGHTS = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
OTHER_PIN = "A" * 43
NARROW = 1280 - 28  # bytes of UDP that an IPv4 path of 1280 bytes carries
FINE, PROBLEM = 0, 1


class Examination:
    """One run of the doctor."""

    def __init__(self, host: Host, interface: str, *flags: str, way: list[str] | None = None):
        self.program = host.spawn(f"doctor-{len(host.lab.programs)}", *(way or []),
                                  str(BINARIES / "lanparty-gateway"), "doctor", "--interface", interface, "--json",
                                  *flags)
        self.exit_code = self.program.wait(30)
        self.said = json.loads(self.program.output().splitlines()[-1])
        self.texts = {finding["name"]: finding["text"] for finding in self.said["findings"]}
        self.problems = [finding["name"] for finding in self.said["findings"] if finding["weight"] == "problem"]


class DoctorCase(PartyCase):
    def examine(self, *flags: str, interface: str = "lan", host: Host | None = None,
                way: list[str] | None = None) -> Examination:
        return Examination(host or self.party.gateway_host, interface, *flags, way=way)

    def assert_problem(self, examination: Examination, name: str, *words: str) -> None:
        self.assertEqual((examination.exit_code, examination.problems), (PROBLEM, [name]), examination.said)
        for word in words:
            self.assertIn(word, examination.texts[name])

    def assert_hint(self, examination: Examination, name: str, *words: str) -> None:
        self.assertEqual((examination.exit_code, examination.problems), (FINE, []), examination.said)
        self.assertIn(name, examination.texts)
        for word in words:
            self.assertIn(word, examination.texts[name])

    @contextlib.contextmanager
    def changed(self, host: Host, change: str, back: str):
        host.run("sh", "-ec", change)
        try:
            yield
        finally:
            host.run("sh", "-ec", back)


    def with_sysfs(self, *commands: str, nic: str = "lan") -> list[str]:
        """A way to run a program that finds this in its /sys/class/net/NIC, beside the card's number."""
        index = self.party.gateway_host.link(nic)["ifindex"]
        script = "; ".join(["mount -t tmpfs sysfs /sys/class/net", f"mkdir /sys/class/net/{nic}",
                            f"cd /sys/class/net/{nic}", f"echo {index} > ifindex", *commands, 'cd /; exec "$@"'])
        return ["unshare", "--mount", "sh", "-ec", script, "sh"]


class TheMachineAndItsCard(DoctorCase):
    def start(self, name: str, way: list[str] | None = None) -> Program:
        """The gateway itself, to a relay that is not there, until it ends."""
        program = self.party.gateway_host.spawn(
            name, *(way or []), str(BINARIES / "lanparty-gateway"), "--interface", "lan", "--join-timeout", "1",
            "--relay", f"{RELAY}:{RELAY_PORT}", "--room", ROOM, "--relay-pin", OTHER_PIN, "--identity",
            str(self.party.files / "gateway.identity"))
        program.wait(20)
        return program

    def test_wifi(self):
        wifi = self.with_sysfs("mkdir phy80211")
        self.assert_problem(self.examine(way=wifi), "wireless", "use a card with a cable")
        refused = self.start("started-on-wifi", wifi)
        self.assertIn("lan is a Wi-Fi card", refused.output())
        self.assertNotIn("Connecting", refused.output())

    def test_half_duplex_and_less_than_a_gigabit(self):
        old = self.with_sysfs("echo 100 > speed", "echo half > duplex")
        self.assert_hint(self.examine(way=old), "half_duplex")
        self.assert_hint(self.examine(way=old), "slow", "100 Mbit/s")
        self.assertIn("half duplex", self.start("started-at-half-duplex", old).output())

    def test_a_good_card(self):
        good = self.with_sysfs("echo 1000 > speed", "echo full > duplex")
        self.assert_hint(self.examine(way=good), "wired", "1000 Mbit/s, full duplex")
        self.assertRegex(self.start("started-on-a-good-card", good).output(), "^Looking up")

    def test_an_interface_that_is_not_there(self):
        self.assert_problem(self.examine(interface="eth9"), "no_interface", "eth9", "lan", "wan")

    def test_loopback(self):
        self.assert_problem(self.examine(interface="lo"), "not_ethernet")

    def test_no_privilege(self):
        self.assert_problem(self.examine(way=NO_RIGHTS), "needs_privilege", "CAP_NET_RAW and CAP_NET_ADMIN", "setcap")

    def test_no_cable(self):
        with self.changed(self.party.lan, "ip link set gateway down", "ip link set gateway up"):
            self.assert_problem(self.examine(), "no_cable", "plug it in")

    def test_switched_off(self):
        with self.changed(self.party.gateway_host, "ip link set lan down", "ip link set lan up"):
            self.assert_problem(self.examine(), "switched_off", "ip link set lan up")

    def test_a_bridge_port(self):
        with self.changed(self.party.gateway_host, "ip link add br9 type bridge; ip link set lan master br9",
                          "ip link del br9"):
            self.assertIn("part_of_another", self.examine().problems)
            started = self.start("started-on-a-bridge-port")
            self.assertIn("lan is a part of the bridge br9", started.output())

    def test_a_macvlan(self):
        with self.changed(self.party.gateway_host, "ip link add link lan name sub type macvlan; ip link set sub up",
                          "ip link del sub"):
            self.assertIn("own_mac_only", self.examine(interface="sub").problems)

    def test_a_vlan(self):
        host = self.party.gateway_host
        try:
            host.run("ip", "link", "add", "link", "lan", "name", "lan.7", "type", "vlan", "id", "7")
        except Failure:
            self.skipTest("this kernel has no VLANs")
        with self.changed(host, "ip link set lan.7 up", "ip link del lan.7"):
            self.assertIn("vlan", self.examine(interface="lan.7").texts)

    def test_proxy_arp(self):
        key = "/proc/sys/net/ipv4/conf/lan/proxy_arp"
        with self.changed(self.party.gateway_host, f"echo 1 > {key}", f"echo 0 > {key}"):
            self.assertIn("proxy_arp", self.examine().texts)

    def test_wrong_flags_are_usage(self):
        for flags in (["doctor"], ["doctor", "--interface", "lan", "--relay", "nonsense", "--room", ROOM],
                      ["doctor", "--interface", "lan", "--room", ROOM]):
            program = self.party.gateway_host.spawn("usage", str(BINARIES / "lanparty-gateway"), *flags)
            self.assertEqual(program.wait(20), 2, program.output())


class TheLan(DoctorCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_dhcp_server()

    def test_a_good_lan(self):
        examination = self.examine()
        self.assertEqual((examination.exit_code, examination.problems), (FINE, []), examination.said)
        self.assertLessEqual({"may_listen", "wired", "foreign_mac_passes", "dhcp_server"}, set(examination.texts))
        self.assertIn(DHCP_SERVER, examination.texts["dhcp_server"])
        self.assertFalse({"reflection", "address_conflict", "softlan_gateway", "spanning_tree"} &
                         set(examination.texts), examination.said)
        self.assertEqual((self.party.files / "leases").read_text(), "", "nothing was leased")

    def test_a_list_for_people(self):
        program = self.party.gateway_host.spawn("list", str(BINARIES / "lanparty-gateway"), "--interface", "lan",
                                                "doctor")
        self.assertEqual(program.wait(30), FINE)
        lines = program.output().splitlines()
        self.assertRegex(lines[0], r"^fine +This program may listen")
        self.assertEqual(lines[-1], "Nothing stands in the way.")

    def test_a_second_dhcp_server(self):
        other = self.party.friend.spawn(
            "dnsmasq-too-many", "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            "--interface=eth0", "--bind-interfaces", "--dhcp-range=10.77.0.200,10.77.0.210,1h", "--port=0",
            f"--dhcp-leasefile={self.party.files / 'other-leases'}", "--pid-file=", "--dhcp-authoritative", "--no-ping")
        other.wait_for_output(r"DHCP, IP range")
        try:
            self.assert_hint(self.examine(), "dhcp_servers", DHCP_SERVER, FRIEND)
        finally:
            other.stop()

    def test_an_ipv6_router(self):
        host = self.party.quiet
        settings = self.party.files / "radvd.conf"
        settings.write_text("interface eth0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; "
                            "prefix 2001:db8:77::/64 {}; };\n")
        settings.chmod(0o644)
        host.set_sysctl("net.ipv6.conf.eth0.disable_ipv6", 0)
        host.set_sysctl("net.ipv6.conf.all.forwarding", 1)
        wait_for("a link-local address",
                 lambda: host.run("ip", "-6", "addr", "show", "dev", "eth0", "scope", "link", "-tentative"))
        router = host.spawn("radvd", "radvd", "--nodaemon", "--logmethod", "stderr", "--config", str(settings),
                            "--pidfile", str(self.party.files / "radvd.pid"))
        try:
            self.assert_hint(self.examine(), "ipv6_router", "fe80::")
        finally:
            router.stop()
            host.set_sysctl("net.ipv6.conf.eth0.disable_ipv6", 1)

    def test_two_computers_with_one_address(self):
        address = f"{DHCP_SERVER}/24 dev eth0"
        with self.changed(self.party.quiet, f"ip addr add {address}", f"ip addr del {address}"):
            self.assert_problem(self.examine(), "address_conflict", DHCP_SERVER, self.party.dhcp.mac("eth0"),
                                self.party.quiet.mac("eth0"))

    def test_this_machines_own_address_on_another(self):
        address = "10.77.0.20/24 dev"
        with (self.changed(self.party.gateway_host, f"ip addr add {address} lan", f"ip addr del {address} lan"),
              self.changed(self.party.quiet, f"ip addr add {address} eth0", f"ip addr del {address} eth0")):
            self.assert_problem(self.examine(), "address_conflict", "10.77.0.20", self.party.quiet.mac("eth0"))

    def test_a_port_that_lets_one_computer_through(self):
        host = self.party.gateway_host
        entry = f"{host.mac('lan')} dev gateway master"
        with (self.changed(host, "ip addr add 10.77.0.20/24 dev lan", "ip addr del 10.77.0.20/24 dev lan"),
              self.changed(self.party.lan, f"bridge fdb replace {entry} static; bridge link set dev gateway locked on",
                           f"bridge link set dev gateway locked off; bridge fdb del {entry}")):
            host.run("ping", "-c1", "-W5", FRIEND)
            self.assert_problem(self.examine(), "foreign_mac_blocked", FRIEND, "port security")

    def test_a_spanning_tree(self):
        def root_port_is_open() -> bool:
            ports = self.party.lan.json("bridge", "-j", "link", "show")
            return all(port.get("state") == "forwarding" for port in ports)

        settings = "ip link set br0 type bridge"
        with self.changed(self.party.lan, f"{settings} hello_time 100 forward_delay 200 stp_state 1",
                          f"{settings} stp_state 0"):
            wait_for("the ports to forward", root_port_is_open, 20)
            self.assert_hint(self.examine(), "spanning_tree", self.party.lan.mac("br0"))

    def test_a_cable_loop(self):
        loop = ("ip link add loop0 type veth peer name loop1; ip link set loop0 master br0 up; "
                "ip link set loop1 master br0 up")
        with self.changed(self.party.lan, loop, "ip link del loop0"):
            examination = self.examine()
        self.assertIn("loop", examination.problems)
        self.assertIn("unplug", examination.texts["loop"])

    def test_nobody_there(self):
        lonely = self.party.lab.host("lonely")
        lonely.run("sh", "-ec", "ip link add lan type veth peer name far; ip link set lan up; ip link set far up")
        self.assert_hint(self.examine(host=lonely), "foreign_mac_unknown", "No other computer answered")
        self.assert_hint(self.examine(host=lonely), "no_dhcp_server")


class TheRelay(DoctorCase):
    """Looks with a card without a cable, so that only the relay takes time."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.party = Party(f"doctor-{cls.__name__}", passes=True)
        cls.addClassCleanup(cls.party.close)
        cls.party.gateway_host.run("sh", "-ec", "ip link add idle type veth peer name far; ip link set idle up")
        cls.party.start_relay()
        cls.before = cls.visit(*cls.by_flags())
        cls.party.start_gateway()

    @classmethod
    def by_flags(cls) -> list[str]:
        """As the gateway itself is told."""
        command = cls.party.gateway_command()
        at = command.index("--interface")
        return command[1:at] + command[at + 2:]

    @classmethod
    def visit(cls, *flags: str, host: Host | None = None) -> Examination:
        examination = Examination(host or cls.party.gateway_host, "idle", *flags)
        examination.problems.remove("no_cable")
        return examination

    @property
    def link(self) -> str:
        return self.party.link_file.read_text()

    def test_a_room_that_the_gateway_will_found(self):
        self.assertEqual(self.before.problems, [], self.before.said)
        self.assertLessEqual({"relay_answers", "pass_to_be_made"}, set(self.before.texts))

    def test_the_link_of_a_running_party(self):
        examination = self.visit("--join", self.link)
        self.assertEqual(examination.problems, [], examination.said)
        self.assertLessEqual({"relay_answers", "pass_right", "gateway_there"}, set(examination.texts))
        measured = examination.said["relay"]
        self.assertEqual(measured["address"], f"{RELAY}:{RELAY_PORT}")
        self.assertGreater(measured["echoes_sent"], 20)
        self.assertEqual(measured["echoes_lost"], 0)
        self.assertGreater(measured["budget"], 1400)
        self.assertLess(measured["rtt_ms"], 50)
        still_runs(self.party.gateway)
        self.assertNotIn("taken over", self.party.gateway.output())

    def test_a_wrong_pass(self):
        examination = self.visit("--join", self.link.rsplit("#", 1)[0] + "#k7qm-3tfw-9xhd-vb2c")
        self.assertEqual(examination.problems, ["pass_wrong"], examination.said)
        self.assertIn("relay_answers", examination.texts)

    def test_a_wrong_pin(self):
        examination = self.visit("--relay", f"{RELAY}:{RELAY_PORT}", "--room", ROOM, "--relay-pin", OTHER_PIN)
        self.assertEqual(examination.problems, ["relay_untrusted"], examination.said)

    def test_no_relay_there(self):
        examination = self.visit("--relay", f"{RELAY}:{RELAY_PORT + 1}", "--room", ROOM, "--relay-pin", OTHER_PIN)
        self.assertEqual(examination.problems, ["relay_unreachable"], examination.said)
        self.assertIn("UDP", examination.texts["relay_unreachable"])

    def test_a_name_that_is_not_found(self):
        examination = self.visit("--relay", "no-such-relay.invalid:443", "--room", ROOM, "--relay-pin", OTHER_PIN)
        self.assertEqual(examination.problems, ["relay_not_found"], examination.said)

    def test_a_narrow_path(self):
        home = self.party.lab.host("home")
        self.party.lab.plug(home, "wan", self.party.internet, "203.0.113.40/24")
        proxy = UdpProxy(home, "203.0.113.40", RELAY, RELAY_PORT)
        proxy.tell(f"limit {NARROW}")
        examination = self.visit("--join", self.link.replace(f"{RELAY}:{RELAY_PORT}", proxy.address))
        self.assertEqual(examination.problems, [], examination.said)
        self.assertIn("narrow_path", examination.texts)

    def test_a_second_gateway_on_the_lan(self):
        self.assert_hint(self.examine(host=self.party.friend, interface="eth0"), "softlan_gateway")


if __name__ == "__main__":
    main()
