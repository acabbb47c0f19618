"""A game's lobby, reduced to what matters: one UDP broadcast to 255.255.255.255 and somebody who listens.

lobby.py announce NIC PORT TEXT     lobby.py listen PORT
"""

import socket
import sys


def announce(nic: str, port: int, text: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, nic.encode())
        sender.sendto(text.encode(), ("255.255.255.255", port))


def listen(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("", port))
        print("open", flush=True)
        text, (address, _) = receiver.recvfrom(2048)
        print(f"heard {text.decode()} from {address}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "announce":
        announce(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        listen(int(sys.argv[2]))
