"""Multicast as a game uses it: multicast.py listen NIC GROUP, or multicast.py send NIC GROUP COUNT; IPv4 and IPv6."""

import socket
import struct
import sys
import time

PORT = 4445


def family_of(group: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in group else socket.AF_INET


def listen(nic: str, group: str) -> None:
    """Joins the group and prints what arrives, until it is ended."""
    family, index = family_of(group), socket.if_nametoindex(nic)
    with socket.socket(family, socket.SOCK_DGRAM) as inbox:
        inbox.bind(("", PORT))
        name = socket.inet_pton(family, group)
        if family == socket.AF_INET6:
            inbox.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, name + struct.pack("@I", index))
        else:
            inbox.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, name + struct.pack("@4xi", index))
        print("joined", group, flush=True)
        while True:
            print("got", inbox.recv(2048).decode(), flush=True)


def send(nic: str, group: str, count: int) -> None:
    family, index = family_of(group), socket.if_nametoindex(nic)
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        if family == socket.AF_INET6:
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 4)
        else:
            out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("@8xi", index))
            out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        for number in range(count):
            out.sendto(f"lobby {number}".encode(), (group, PORT))
            time.sleep(0.05)


def main(what: str, nic: str, group: str, count: str = "0") -> None:
    if what == "listen":
        listen(nic, group)
    else:
        send(nic, group, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
