"""What a game's LAN browser does: asks everybody at once, and lists who answers.

browse.py broadcast NIC PORT HEX          to 255.255.255.255
browse.py multicast NIC GROUP PORT TEXT   to a group, "\\r\\n" written out
"""

import socket
import sys
import time

SECONDS = 4.0


def ask(nic: str, target: tuple[str, int], question: bytes) -> None:
    """Prints address, port and content of every answer; asks once a second, as browsers do."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, nic.encode())
        browser.settimeout(0.2)
        end, next_question = time.monotonic() + SECONDS, 0.0
        while time.monotonic() < end:
            if time.monotonic() >= next_question:
                browser.sendto(question, target)
                next_question = time.monotonic() + 1
            try:
                answer, (address, port) = browser.recvfrom(65536)
            except TimeoutError:
                continue
            print(address, port, ascii(answer.decode("latin-1")), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "broadcast":
        ask(sys.argv[2], ("255.255.255.255", int(sys.argv[3])), bytes.fromhex(sys.argv[4]))
    else:
        ask(sys.argv[2], (sys.argv[3], int(sys.argv[4])), sys.argv[5].replace("\\r\\n", "\r\n").encode())
