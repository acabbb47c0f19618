"""Sends small frames to a host of the LAN that is not there, so that every switch sends them to all its ports.

flood_unicast.py NIC DESTINATION-MAC PER-SECOND SECONDS   prints how many there were
"""

import ctypes
import socket
import sys
import time

BURST = 64
EXPERIMENT = 0x88B5


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Message(ctypes.Structure):
    """struct mmsghdr of sendmmsg(2)."""

    _fields_ = [("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("vectors", ctypes.POINTER(Vector)),
                ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
                ("flags", ctypes.c_int), ("sent", ctypes.c_uint32)]


def main(nic: str, destination: str, per_second: int, seconds: float) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((nic, 0))
        frame = bytes.fromhex(destination.replace(":", "")) + out.getsockname()[4] + EXPERIMENT.to_bytes(2, "big")
        frame = ctypes.create_string_buffer(frame.ljust(100, b"\0"), 100)
        vector = Vector(ctypes.addressof(frame), 100)
        messages = (Message * BURST)(*[Message(vectors=ctypes.pointer(vector), vector_count=1)] * BURST)
        send = ctypes.CDLL(None, use_errno=True).sendmmsg
        begin, sent = time.monotonic(), 0
        while (passed := time.monotonic() - begin) < seconds:
            if sent > passed * per_second:
                time.sleep(0.0002)
                continue
            sent += max(send(out.fileno(), messages, BURST, 0), 0)
        print(sent)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
