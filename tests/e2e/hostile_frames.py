"""Frames no member may send, by the reason they die for, each with what makes it hostile and nothing else."""

import socket
import struct

BROADCAST = "ff:ff:ff:ff:ff:ff"
STRANGER = "02:00:5e:66:66:66"


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def ethernet(target: str, source: str, ethertype: int, payload: bytes) -> bytes:
    return (mac(target) + mac(source) + struct.pack("!H", ethertype) + payload).ljust(60, b"\0")


def llc(target: str, source: str, payload: bytes) -> bytes:
    """IEEE 802.3: a length where Ethernet II has its type."""
    return ethernet(target, source, len(payload), payload)


def ipv4(source: str, target: str, protocol: int, payload: bytes, options: bytes = b"") -> bytes:
    """RFC 791; the checksum is left out, no guard needs it."""
    return struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), 7, 0, 64, protocol,
                       0, socket.inet_aton(source), socket.inet_aton(target)) + options + payload


def ipv6(source: str, target: str, next_header: int, payload: bytes) -> bytes:
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), next_header, 255, socket.inet_pton(socket.AF_INET6, source),
                       socket.inet_pton(socket.AF_INET6, target)) + payload


def udp(source: int, target: int, payload: bytes = b"x" * 20) -> bytes:
    return struct.pack("!HHHH", source, target, 8 + len(payload), 0) + payload


def tcp_syn(target: int) -> bytes:
    return struct.pack("!HHIIBBHHH", 50000, target, 1, 0, 5 << 4, 2, 65535, 0, 0)


def arp(source: str, operation: int, address: str, target: str) -> bytes:
    return ethernet(BROADCAST, source, 0x0806, struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + mac(source) +
                    socket.inet_aton(address) + bytes(6) + socket.inet_aton(target))


def icmpv6(kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", kind, 0, 0) + body


def broadcast_udp(source: str, port: int) -> bytes:
    return ethernet(BROADCAST, source, 0x0800, ipv4("0.0.0.0", "255.255.255.255", 17, udp(port, port)))


def guarded(own: str, victim: str, address_of_lan_host: str) -> dict[str, list[bytes]]:
    """`own` is the sender's MAC, `victim` that of another client."""
    everybody6, link_local = "ff02::1", "fe80::66"
    to_everybody6 = ("33:33:00:00:00:01", own, 0x86DD)
    dhcp_reply = ethernet(BROADCAST, own, 0x0800, ipv4("0.0.0.0", "255.255.255.255", 17, udp(67, 68, b"\x02" + bytes(239))))
    dhcpv6_reply = ipv6(link_local, everybody6, 17, udp(547, 546, b"\x07\0\0\0"))
    advertisement = icmpv6(134, bytes(12))
    redirect = icmpv6(137, bytes(36))
    claim = icmpv6(136, struct.pack("!I16s", 0x20000000, socket.inet_pton(socket.AF_INET6, "fe80::1")) + b"\x02\x01" +
                   mac(STRANGER))
    router_discovery = ipv4("10.77.0.66", "224.0.0.1", 1, struct.pack("!BBHBBH", 9, 0, 0, 1, 2, 1800) + bytes(8))
    options_header = struct.pack("!BB", 58, 0) + b"\x01\x04\0\0\0\0"
    first_fragment = struct.pack("!BBHI", 58, 0, 1, 77)
    tag = struct.pack("!H", 5)
    return {
        "forged_source": [ethernet(BROADCAST, STRANGER, 0x88B6, b"forged"), ethernet(BROADCAST, victim, 0x88B6, b"forged")],
        "switch_control": [llc("01:80:c2:00:00:00", own, b"\x42\x42\x03" + bytes(35)),
                           ethernet("01:80:c2:00:00:0e", own, 0x88CC, bytes(46)),
                           ethernet("01:80:c2:00:00:21", own, 0x88F5, bytes(46)),
                           llc("01:00:0c:cc:cc:cc", own, b"\xaa\xaa\x03\0\0\x0c\x20\0" + bytes(40)),
                           llc("01:00:0c:cc:cc:cd", own, b"\xaa\xaa\x03\0\0\x0c\x01\x0b" + bytes(40))],
        "eapol": [ethernet("01:80:c2:00:00:03", own, 0x888E, b"\x01\x02\0\0"), ethernet(victim, own, 0x888E, b"\x01\x02\0\0")],
        "pause": [ethernet("01:80:c2:00:00:01", own, 0x8808, b"\0\x01\xff\xff")],
        "dhcp_server": [dhcp_reply, ethernet(*to_everybody6, dhcpv6_reply)],
        "router_advertisement": [
            ethernet(*to_everybody6, ipv6(link_local, everybody6, 58, advertisement)),
            ethernet(*to_everybody6, ipv6(link_local, everybody6, 58, redirect)),
            ethernet(*to_everybody6, ipv6(link_local, everybody6, 60, options_header + advertisement)),
            ethernet("01:00:5e:00:00:01", own, 0x0800, router_discovery)],
        "hidden_header": [
            ethernet(*to_everybody6, ipv6(link_local, everybody6, 44, first_fragment)),
            llc(BROADCAST, own, b"\xaa\xaa\x03\0\0\0\x08\0" + ipv4("0.0.0.0", "255.255.255.255", 17, udp(67, 68)))],
        "vlan_tag": [ethernet(BROADCAST, own, 0x8100, tag + b"\x88\xb6tagged"),
                     ethernet(BROADCAST, own, 0x88A8, tag + b"\x88\xb6tagged")],
        "address_claim": [arp(own, 2, address_of_lan_host, address_of_lan_host),
                          arp(own, 1, address_of_lan_host, address_of_lan_host),
                          ethernet(*to_everybody6, ipv6("fe80::1", everybody6, 58, claim))],
        "forged_address": [ethernet(BROADCAST, own, 0x0800, ipv4(address_of_lan_host, "255.255.255.255", 17, udp(9, 9)))],
        "home_shield": [ethernet(victim, own, 0x0800, ipv4("10.77.0.66", "10.77.0.31", 6, tcp_syn(port)))
                        for port in (135, 139, 445, 3389, 5985)],
    }
