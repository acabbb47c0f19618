"""One TCP connection that counts: tcp_count.py serve PORT | tcp_count.py count ADDRESS PORT

The client sends a number, the server sends it back, the client says it and goes on with the next, twenty times a
second. Either ends with an error when the connection does, the client also when a number is not the expected one.
"""

import itertools
import socket
import sys
import time

INTERVAL = 0.05
LINE = 9  # eight digits and a newline


def receive(connection: socket.socket) -> bytes:
    line = b""
    while len(line) < LINE:
        part = connection.recv(LINE - len(line))
        if not part:
            sys.exit("the connection has ended")
        line += part
    return line


def serve(port: int) -> None:
    with socket.create_server(("", port)) as server:
        print("open", flush=True)
        connection, _ = server.accept()
        while True:
            connection.sendall(receive(connection))


def count(address: str, port: int) -> None:
    with socket.create_connection((address, port)) as connection:
        for number in itertools.count(1):
            connection.sendall(b"%08d\n" % number)
            if int(receive(connection)) != number:
                sys.exit(f"{number} came back as another number")
            print(number, flush=True)
            time.sleep(INTERVAL)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    else:
        count(sys.argv[2], int(sys.argv[3]))
