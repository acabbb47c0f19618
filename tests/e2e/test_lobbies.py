"""Real servers from Debian, found the way their own programs find them: by a remote in the hall, and from the hall at a
remote."""

import pathlib
import shutil

from case import PartyCase, main
from lab import Host, Program, wait_for
from measure import ping_all
from party import DHCP_SERVER, FRIEND, TAP, Party, python

BROWSE = pathlib.Path(__file__).with_name("browse.py")
PLAYER = "10.77.0.30"
SSDP = ("239.255.255.250", "1900", r'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n'
                                   r"ST: urn:schemas-upnp-org:device:MediaServer:1\r\n\r\n")


class Lobbies(PartyCase):
    @classmethod
    def set_up_party(cls, party: Party) -> None:
        party.start_all()
        party.give_address(party.player, PLAYER)
        ping_all(party.player, FRIEND, 2)
        ping_all(party.player, DHCP_SERVER, 2)
        cls.ends = ((party.friend, "eth0", FRIEND, party.player, TAP), (party.player, TAP, PLAYER, party.friend, "eth0"))

    def both_ways(self, serve, ask, expected: str) -> None:
        """`serve(host, nic, address)` runs where `ask(host, nic)` is not; what is asked names the server."""
        for host, nic, address, seeker, seekers_nic in self.ends:
            with self.subTest(server=host.name):
                server: Program = serve(host, nic, address)
                wait_for(f"{seeker.name} to find the server on {host.name}",
                         lambda: self.names(ask(seeker, seekers_nic), address, expected), 40)
                server.stop()

    @staticmethod
    def names(answers: str, address: str, expected: str) -> bool:
        return any(address in line and expected in line for line in answers.splitlines())

    @staticmethod
    def browse(host: Host, *question: str) -> str:
        return host.run(python(), str(BROWSE), *question)

    def folder(self, name: str) -> pathlib.Path:
        folder = self.party.files / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def program(self, name: str) -> str:
        found = shutil.which(name, path="/usr/games:/usr/sbin:/usr/bin:/usr/lib/games")
        self.assertIsNotNone(found, f"{name} is not installed; tools/install-dependencies all does that")
        return found

    def test_teeworlds(self):
        def serve(host: Host, _: str, __: str) -> Program:
            return host.spawn(f"ddnet-{host.name}", "sh", "-c", f"cd {self.folder('ddnet-' + host.name)} && exec "
                              f"{self.program('DDNet-Server')} 'sv_register 0' 'sv_name Hall Cup' 'sv_port 8303'")

        question = (b"\xff" * 6 + b"\xff" * 4 + b"gie3" + b"\x07").hex()
        self.both_ways(serve, lambda host, nic: self.browse(host, "broadcast", nic, "8303", question), "Hall Cup")

    def test_openttd(self):
        def serve(host: Host, _: str, __: str) -> Program:
            folder = self.folder(f"openttd-{host.name}")
            settings = folder / "openttd.cfg"
            settings.write_text("[network]\nserver_name = Hall Cup\nserver_game_type = local\n")
            return host.spawn(f"openttd-{host.name}", "env", f"HOME={folder}", f"XDG_DATA_HOME={folder}",
                              f"XDG_CONFIG_HOME={folder}", self.program("openttd"), "-D", "0.0.0.0:3979", "-x", "-c",
                              str(settings))

        find_server = (3).to_bytes(2, "little") + b"\x00"
        response = r"'\x03\x00\x01'"
        self.both_ways(serve, lambda host, nic: self.browse(host, "broadcast", nic, "3979", find_server.hex()), response)

    def test_a_media_server_by_ssdp(self):
        def serve(host: Host, nic: str, _: str) -> Program:
            folder = self.folder(f"minidlna-{host.name}")
            settings = folder / "minidlna.conf"
            settings.write_text(f"network_interface={nic}\nport=8200\nfriendly_name=Hall\nmedia_dir={folder}\n"
                                f"db_dir={folder}/db\nlog_dir={folder}\nnotify_interval=30\n")
            return host.spawn(f"minidlna-{host.name}", self.program("minidlnad"), "-S", "-f", str(settings), "-P",
                              str(folder / "pid"))

        self.both_ways(serve, lambda host, nic: self.browse(host, "multicast", nic, *SSDP), "MediaServer:1")

    def test_windows_names_by_netbios(self):
        def settings(host: Host, nic: str) -> str:
            folder = self.folder(f"samba-{host.name}-{nic}")
            file = folder / "smb.conf"
            file.write_text(f"[global]\nnetbios name = {host.name}PC\nworkgroup = PARTY\ninterfaces = {nic}\n"
                            f"bind interfaces only = yes\nlocal master = no\nnmbd:socket dir = {folder}\n" +
                            "".join(f"{kind} = {folder}\n" for kind in
                                    ("lock directory", "state directory", "cache directory", "pid directory",
                                     "private dir", "ncalrpc dir")))
            return str(file)

        for host, nic, address, seeker, seekers_nic in self.ends:
            with self.subTest(server=host.name):
                server = host.spawn(f"nmbd-{host.name}", self.program("nmbd"), "-F", "--no-process-group",
                                    "--debug-stdout", "-s", settings(host, nic))
                mine = settings(seeker, seekers_nic)
                wait_for(f"{seeker.name} to find {host.name}PC", lambda: f"{address} {host.name}PC" in seeker.run(
                    "nmblookup", "-s", mine, f"{host.name}PC", check=False), 40)
                server.stop()


if __name__ == "__main__":
    main()
