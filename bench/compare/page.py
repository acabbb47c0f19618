"""docs/benchmarks.md, with places for what a run found."""

PAGE = """\
# Benchmarks

softlan beside other ways to carry Ethernet to a remote place, on the same cables in one run. This page is written by
`bench/compare --write-docs`; change that, not this.

## Ratios
Against the best encrypting peer of each line. These are what to look at: a busy machine changes all figures together.

{ratios}

{noise}{notes}

## Figures
Medians of {rounds}; products take turns.

{figures}

Kernel VXLAN and the bare path have no processes, so their processor time is nobody's here; it is not nothing.

{charts}

The charts show the encrypting ones. Processor time by role, in seconds per GB, TCP to LAN / TCP to remote:

{roles}

## What was measured
    remote -- internet -- relay -- internet -- gateway -- LAN switch -- LAN host

Each box is a network namespace, each line a veth cable with the kernel's defaults: MTU 1500, all offloads on. The
three roles are processes of their own. Each turn lays fresh cables.

{products}

| measure | how |
|---|---|
| idle round trip | {pings} pings, one every 5 ms |
| TCP | one stream of iperf3 for {tcp_seconds} s, {control} without the pacing of BBR, which may be the default of the machine; what arrived |
| round trip beside TCP | a ping every 5 ms beside that stream, from its second second on |
| processor time | user and system time of all processes of the roles during that stream, for each GB that arrived |
| {small}-byte UDP | what arrives of the highest rate of which at most {loss} % is lost, looked for by iperf3{tries} |
| resident memory | VmRSS of the relay's process (the largest of several) after all this, two members in the room |
| client start | from the start of the process until one of the pings, sent every 5 ms, is answered |

Relay and gateway are there when the client starts. It has a static address, given the moment its card appears, and ARP
asks every 5 ms, not every second, so that the tunnel is measured and not the kernel's patience.

- **softlan** runs as its README tells: the gateway founds the room, the player has its link; all guards, limits and
  counters on, log at `info`, default options everywhere, started by root, so that threads that move frames may be
  real-time ones ([performance.md](performance.md#before-other-programs)). By default neither a client nor a room has a
  limit in bytes ([limits.md](limits.md)); those for broadcasts and unknown unicast do not touch this traffic.
- **OpenVPN** in TAP mode over UDP: the relay is the server with `client-to-client`, remote and gateway are clients,
  certificates of their own, nothing tuned.
- **fastd** in TAP mode: the relay forwards; the method is the one its documentation recommends. With its default MTU
  full frames make packets above 1500 bytes, which the kernel cuts in two.
- **tinc** in switch mode: the relay is the node in the middle, which `IndirectData` keeps in the middle.
- **SoftEther**: the relay is a server with one virtual hub, the gateway a bridge that cascades to it, the remote a
  client that connects as it starts. UDP acceleration is off at the hub: it would take over from TLS some seconds after
  the start, in the middle of what is measured. The rest is as it comes. Debian 13 has no SoftEther.
- **n2n**: the relay is the supernode. Remote and gateway have no way to each other, or they would go past it, and the
  gateway's edge forwards for a whole LAN. Debian has version 1, which compresses every packet and knows no cipher but
  Twofish.
- **Kernel VXLAN** has no crypto and no handshake: two tunnels, bridged on the relay. It shows what a kernel can do.
- **Bare veth** is the same cables with routers for relay and gateway. It shows what the measuring itself can do.
- The tunnels other than softlan need a bridge on the gateway, between their card and the LAN's.

## The machine
{processor}, {cores} cores, {memory_gb} GB; Linux {kernel}, {system}; iperf3 {iperf3}. Load average before the
run: {load_before}. All six namespaces, the traffic's ends included, share these cores.

## To repeat it
    tools/install-dependencies bench
    tools/build release
    {command} --write-docs

That run took {minutes} minutes. `--quick` is one short round, `--only softlan,fastd` compares those two, `--json FILE`
keeps every figure of every round and every probe, and `--from FILE --write-docs` writes this page from it. Everything it
starts ends with it.

## What the numbers do not say
- Nothing about a real network: there is no delay, no loss, no bottleneck but the processors. `bench/mixed.py` has a
  home line with a deep buffer (bench/README.md).
- Nothing about many players: one remote, one stream. `softlan_relay_bench` has larger rooms.
- Ciphers differ, and so does what they protect: softlan's relay opens and closes every frame, as OpenVPN's, fastd's,
  tinc's and SoftEther's do in this arrangement; n2n's supernode passes on what it cannot read.
- TCP inside of TCP, which SoftEther is here, suffers from loss; there is none.
- A card with a smaller MTU (n2n and VXLAN here) makes LAN hosts that do not know of it cut or lose large frames;
  figures of TCP do not show that, since its two ends agree on what fits.
- Time that the kernel spends on packets outside of processes is counted for nobody, whatever the product.
- Percentiles are those of answered pings; a product that loses some of them has a row that says so.
- The fastest stream is worth little if a game beside it suffers: look at TCP and the round trips beside it together.
"""
