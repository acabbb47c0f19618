"""Multicast as a game uses it: multicast.py listen ADDRESS GROUP, or multicast.py send ADDRESS GROUP COUNT."""

import socket
import sys
import time

PORT = 4445


def listen(address: str, group: str) -> None:
    """Joins the group and prints what arrives, until it is ended."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inbox:
        inbox.bind(("", PORT))
        inbox.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton(address))
        print("joined", group, flush=True)
        while True:
            print("got", inbox.recv(2048).decode(), flush=True)


def send(address: str, group: str, count: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        for number in range(count):
            out.sendto(f"lobby {number}".encode(), (group, PORT))
            time.sleep(0.05)


def main(what: str, address: str, group: str, count: str = "0") -> None:
    if what == "listen":
        listen(address, group)
    else:
        send(address, group, int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
