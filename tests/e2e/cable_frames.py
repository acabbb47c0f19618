"""Frames of every kind a LAN sees, built by scapy: what a cable carries.

cable_frames.py list SOURCE-MAC DESTINATION-MAC        prints them as JSON: name to hex
cable_frames.py send SOURCE-MAC DESTINATION-MAC NIC    sends them in the same order
"""

import json
import socket
import sys
import time

from scapy.all import (ARP, GRE, ICMP, IP, LLC, SNAP, TCP, UDP, Dot1AD, Dot1Q, Dot3, Ether, ICMPv6EchoRequest,
                       IPOption_RR, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN, Raw,
                       fragment, fragment6)

EXPERIMENT = 0x88B6  # IEEE 802, local experimental ethertype 2; the first is what gateways say to switches
V4 = {"src": "192.0.2.1", "dst": "192.0.2.2"}  # addresses nobody here has, so that nobody answers
V6 = {"src": "2001:db8:1::1", "dst": "2001:db8:1::2"}


def payload(size: int) -> Raw:
    return Raw(bytes(i * 7 % 251 for i in range(size)))


def catalog(source: str, destination: str) -> dict[str, bytes]:
    def ethernet(**fields) -> Ether:
        return Ether(**{"src": source, "dst": destination, **fields})

    def length_field(body) -> Dot3:
        return Dot3(src=source, dst=destination, len=len(body)) / body

    udp4 = IP(**V4, id=77) / UDP(sport=27015, dport=27016)
    udp6 = IPv6(**V6) / UDP(sport=27015, dport=27016)
    tcp4 = IP(**V4, id=78) / TCP(sport=40000, dport=40001, seq=1000, ack=2000, flags="PA",
                                 options=[("NOP", None), ("NOP", None), ("Timestamp", (1, 2))])
    long6 = IPv6(**V6) / IPv6ExtHdrFragment(id=5) / UDP(sport=1, dport=2) / payload(4000)
    short = bytes.fromhex(destination.replace(":", "") + source.replace(":", "")) + EXPERIMENT.to_bytes(2, "big")
    frames = {
        "full-size UDP with DF": ethernet() / IP(**V4, flags="DF", id=0) / UDP(sport=1, dport=2) / payload(1472),
        "UDP without a checksum": ethernet() / IP(**V4) / UDP(sport=1, dport=2, chksum=0) / payload(100),
        "UDP with a wrong checksum": ethernet() / IP(**V4) / UDP(sport=1, dport=2, chksum=0xDEAD) / payload(101),
        "an empty UDP packet": ethernet() / udp4,
        **{f"IPv4 fragment {number}": ethernet() / part
           for number, part in enumerate(fragment(udp4 / payload(4000), 1480))},
        "IPv4 with options": ethernet()
        / IP(**V4, options=[IPOption_RR(routers=["0.0.0.0"] * 3)]) / ICMP(id=9) / payload(8),
        "IPv4 with a wrong header checksum": ethernet() / IP(**V4, chksum=0xBAD) / UDP() / payload(20),
        "TCP": ethernet() / tcp4 / payload(1448),
        "TCP with a wrong checksum": ethernet()
        / IP(**V4) / TCP(sport=1, dport=2, flags="A", chksum=0xDEAD) / payload(3),
        "GRE": ethernet() / IP(**V4) / GRE() / IP(**V4) / payload(40),
        "UDP over IPv6, full size": ethernet() / udp6 / payload(1452),
        "TCP over IPv6": ethernet()
        / IPv6(**V6, fl=0x12345, tc=0x20) / TCP(sport=1, dport=2, flags="A") / payload(1400),
        "IPv6 with hop-by-hop options": ethernet() / IPv6(**V6) / IPv6ExtHdrHopByHop(options=[PadN(optdata=b"\0" * 4)])
        / ICMPv6EchoRequest(data=b"ping"),
        "IPv6 with destination options and routing": ethernet() / IPv6(**V6)
        / IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0" * 12)]) / IPv6ExtHdrRouting(type=4, segleft=0)
        / UDP(sport=1, dport=2) / payload(64),
        **{f"IPv6 fragment {number}": ethernet() / part for number, part in enumerate(fragment6(long6, 1280))},
        "a VLAN tag, full size": ethernet() / Dot1Q(vlan=7, prio=5) / udp4 / payload(1472),
        "a priority tag": ethernet() / Dot1Q(vlan=0, prio=6) / udp4 / payload(30),
        "a VLAN tag on TCP": ethernet() / Dot1Q(vlan=4094, id=1) / tcp4 / payload(700),
        "a service tag": ethernet() / Dot1AD(vlan=12) / udp4 / payload(100),
        "two tags": ethernet() / Dot1AD(vlan=12) / Dot1Q(vlan=7) / udp4 / payload(1400),
        "two tags, 1522 bytes": ethernet() / Dot1Q(vlan=12) / Dot1Q(vlan=7) / udp4 / payload(1472),
        "three tags": ethernet() / Dot1Q(vlan=1) / Dot1Q(vlan=2) / Dot1Q(vlan=3) / udp4 / payload(10),
        "ARP": ethernet(dst="ff:ff:ff:ff:ff:ff") / ARP(hwsrc=source, psrc="10.77.0.99", pdst="10.77.0.98"),
        "a broadcast to everybody's Warcraft III": ethernet(dst="ff:ff:ff:ff:ff:ff")
        / IP(src="10.77.0.99", dst="255.255.255.255") / UDP(sport=6112, dport=6112) / payload(16),
        "a multicast": ethernet(dst="01:00:5e:00:00:fb") / IP(src="10.77.0.99", dst="224.0.0.251", ttl=255)
        / UDP(sport=5353, dport=5353) / payload(40),
        "Wake-on-LAN": ethernet(type=0x0842) / Raw(b"\xff" * 6 + bytes.fromhex(source.replace(":", "")) * 16),
        "LLC, as NetBEUI has it": length_field(LLC(dsap=0xF0, ssap=0xF0, ctrl=3) / payload(60)),
        "LLC and SNAP": length_field(LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0x00E02B, code=0xBB) / payload(90)),
        "LLC of 1500 bytes": length_field(LLC(dsap=0xE0, ssap=0xE0, ctrl=3) / payload(1497)),
        "LLC, shorter than its frame": length_field(LLC(dsap=0x42, ssap=0x42, ctrl=3)) / Raw(b"\0" * 43),
        "IPX in raw 802.3": length_field(Raw(b"\xff\xff\x00\x1e" + bytes(26))),
        "IPX": ethernet(type=0x8137) / Raw(b"\xff\xff\x00\x1e" + bytes(26)),
        "an experimental ethertype, full size": ethernet(type=EXPERIMENT) / payload(1500),
        "an ethertype nobody has": ethernet(type=0xDEAD) / payload(77),
        "an ethertype that is neither": ethernet(type=0x05F0) / payload(77),
        "PPPoE": ethernet(type=0x8864) / payload(200),
        "MPLS": ethernet(type=0x8847) / payload(200),
        "nonsense that calls itself IPv4": ethernet(type=0x0800) / Raw(b"\x4f\xff\xff"),
        "nonsense that calls itself IPv6": ethernet(type=0x86DD) / Raw(b"\x60"),
    }
    built = {name: bytes(frame) for name, frame in frames.items()}
    built["IPv4 followed by other bytes"] = built["an empty UDP packet"] + bytes(range(18))
    built |= {f"{size} bytes": short + bytes(range(1, size - 13)) for size in (14, 15, 17, 33, 46, 59, 60, 61)}
    return built


def send(nic: str, frames: dict[str, bytes]) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((nic, 0))
        for frame in frames.values():
            out.send(frame)
            time.sleep(0.002)  # a burst would be a question to the queues


def main(verb: str, source: str, destination: str, nic: str = "") -> None:
    frames = catalog(source, destination)
    if verb == "send":
        send(nic, frames)
    else:
        print(json.dumps({name: frame.hex() for name, frame in frames.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
