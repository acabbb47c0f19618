"""Finding hosts with the tools people use: arping, nmap, and avahi's mDNS."""

import pathlib
import re

from lab import Host, Program


def arping(host: Host, nic: str, target: str) -> int:
    """How many of three ARP requests were answered."""
    said = host.run("arping", "-c", "3", "-W", "0.3", "-i", nic, target, check=False)
    found = re.search(r"(\d+) packets received", said)
    return int(found[1]) if found else 0


def scan(host: Host, nic: str, network: str, *flags: str) -> set[str]:
    """The addresses nmap -sn finds alive, each by its answer to ARP."""
    said = host.run("nmap", "-sn", "-n", "-e", nic, *flags, network, seconds=60)
    return set(re.findall(r"Nmap scan report for ([\d.]+)", said))


def dhcp_offer(host: Host, nic: str) -> str | None:
    """The address a DHCP server offers to a broadcast on this interface."""
    said = host.run("nmap", "--script", "broadcast-dhcp-discover", "--script-args",
                    "broadcast-dhcp-discover.timeout=3", "-e", nic)
    found = re.search(r"IP Offered: ([\d.]+)", said)
    return found[1] if found else None


AVAHI = """[server]
host-name={name}
allow-interfaces={nic}
enable-dbus=no
use-ipv6=no
[rlimits]
"""
SERVICE = """<service-group><name>{name} game</name>
<service><type>_game._udp</type><port>27015</port></service></service-group>
"""


def announce_by_mdns(host: Host, nic: str) -> Program:
    """avahi-daemon on this host, announcing a service _game._udp called "NAME game"."""
    folder = host.lab.logs / f"avahi-{host.name}"
    folder.mkdir()
    (folder / "avahi.conf").write_text(AVAHI.format(name=host.name, nic=nic))
    (folder / "game.service").write_text(SERVICE.format(name=host.name))
    for file in ("passwd", "group"):  # a user namespace has one user only: avahi has to be that one
        entry = "avahi:x:0:0::/:" if file == "passwd" else "avahi:x:0:"
        (folder / file).write_text(re.sub(r"(?m)^avahi:x:.*", entry, pathlib.Path("/etc", file).read_text()))
    # Its files have fixed places, so it gets a view of the file system of its own.
    view = (f"mount --bind {folder} /etc/avahi/services && mount -t tmpfs tmpfs /run && "
            f"mount --bind {folder}/passwd /etc/passwd && mount --bind {folder}/group /etc/group && "
            f"exec avahi-daemon --no-drop-root --no-chroot --no-proc-title --no-rlimits -f {folder}/avahi.conf")
    program = host.spawn(f"avahi-{host.name}", "unshare", "--mount", "--propagation", "unchanged", "sh", "-c", view)
    program.wait_for_output(r"Service .* successfully established")
    return program


def services(host: Host, nic: str) -> str:
    """What answers a multicast question for services on this interface, as nmap tells it."""
    return host.run("nmap", "--script", "broadcast-dns-service-discovery", "-e", nic, seconds=60)
