"""A game's traffic: game.py echo ADDRESS PORT | game.py play ADDRESS PORT SECONDS

The player sends 64 numbered datagrams a second, as large as a game's, and gets each back. It ends with one line of JSON:
how many it sent, and in their order of arrival the numbers that came back and their round trips in milliseconds.
"""

import contextlib
import json
import os
import select
import socket
import struct
import sys
import time

PER_SECOND = 64
PAYLOAD = 120
HEADER = struct.Struct("!Id")  # number, when it was sent
LAST_WAIT = 1.0  # seconds, for answers to the last ones


def echo(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, port))
        print("listening", flush=True)
        while True:
            data, player = server.recvfrom(2048)
            server.sendto(data, player)


def play(address: str, port: int, seconds: float) -> None:
    numbers: list[int] = []
    round_trips: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as game:
        game.connect((address, port))
        begin = time.monotonic()
        count = int(seconds * PER_SECOND)
        for number in range(count + 1):
            until = begin + (number / PER_SECOND if number < count else seconds + LAST_WAIT)
            while (left := until - time.monotonic()) > 0:
                if select.select([game], [], [], left)[0]:
                    answered, sent = HEADER.unpack_from(game.recv(2048))
                    numbers.append(answered)
                    round_trips.append(round((time.monotonic() - sent) * 1000, 3))
            if number < count:
                game.send(HEADER.pack(number, time.monotonic()).ljust(PAYLOAD, b"\0"))
    print(json.dumps({"sent": count, "numbers": numbers, "round_trips_ms": round_trips}))


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(-15)  # what is measured is the network, not this program's turn on a busy machine
    if sys.argv[1] == "echo":
        echo(sys.argv[2], int(sys.argv[3]))
    else:
        play(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
