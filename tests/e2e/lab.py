"""A private network laboratory: hosts and switches as network namespaces, programs running in them.

enter_private_world() moves the calling program into user, network, mount and process namespaces of its own, so nothing
here touches the machine's own network, and everything (interfaces, processes, mounts) ends with the program.
Standard library only; the tools are ip, bridge, unshare and setpriv.
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

INSIDE = "LANPARTY_LAB_INSIDE"
OUTSIDE_PID = "LANPARTY_LAB_PID"
SKIPPED = 77  # what ctest counts as "skipped"


class Failure(Exception):
    """Something that should have happened did not; the text is a sentence for a person."""


# --- the private world -----------------------------------------------------------------------------------------------


def enter_private_world(*, as_root: bool = False) -> None:
    """Runs this program again inside namespaces of its own and exits with its exit code; returns inside.

    `as_root`: root stays what it is, for measuring. The root of a user namespace has no real-time threads and no larger
    buffers than anybody else.
    """
    if os.environ.get(INSIDE):
        _furnish()
        return
    os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program inside
    command = [*_way_in(as_root), sys.executable, *sys.argv]
    sys.exit(subprocess.run(command, env={**os.environ, INSIDE: "1"}).returncode)


def _way_in(as_root: bool) -> list[str]:
    # Whatever ends this program ends unshare, and so everything inside.
    bound = ["setpriv", "--pdeathsig", "KILL", "unshare", "--fork", "--kill-child", "--net", "--pid", "--mount"]
    ways = [[*bound, "--user", "--map-root-user"]]
    if os.geteuid() == 0:
        ways.append(bound)  # user namespaces are switched off
        ways.append([*bound, "--propagation", "unchanged"])  # root in a chroot
    if as_root:
        ways.append(ways.pop(0))
    for way in ways:
        if _can_use_tap(way):
            return way
    print("This machine lets us create neither user namespaces nor, as root, network namespaces with a TAP device; "
          "see HACKING.md, \"The lab\".", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") else SKIPPED)


def _can_use_tap(way: list[str]) -> bool:
    # A bare root file system has no device nodes yet.
    make_node = "test -e /dev/net/tun || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }"
    trial = [*way, "sh", "-c", f"{make_node} && ip tuntap add dev trial mode tap"]
    return subprocess.run(trial, capture_output=True).returncode == 0


def _furnish() -> None:
    with contextlib.suppress(OSError):
        os.environ[OUTSIDE_PID] = os.readlink("/proc/self")  # /proc still is the one from outside
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for kind, target in (("proc", "/proc"), ("tmpfs", "/run"), ("tmpfs", "/var/lib/dhcp")):
        if os.path.isdir(target):
            subprocess.run(["mount", "-t", kind, kind, target], check=True)


def way_to(host: "Host") -> str:
    """A shell command that opens a shell on `host` from outside."""
    pid = os.environ.get(OUTSIDE_PID, "PID")
    return f"nsenter -t {pid} --all --preserve-credentials nsenter --net=/run/netns/{host.name} bash"


# --- waiting ---------------------------------------------------------------------------------------------------------


def wait_for(what: str, condition, seconds: float = 10.0):
    """Polls until condition() is true and returns what it gave; Failure when the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.05)


# --- hosts, switches, programs ---------------------------------------------------------------------------------------


class Program:
    """A program running on a host, its output in a log file (after that of an earlier one of the same name)."""

    def __init__(self, host: "Host", name: str, argv: list[str], log: pathlib.Path):
        self.host, self.name, self.argv, self.log = host, name, argv, log
        with open(log, "ab") as output:
            self._begin = output.tell()
            self._process = subprocess.Popen(
                [*host.entry(), *argv], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_running(self) -> bool:
        return self._process.poll() is None

    def output(self) -> str:
        return self.log.read_bytes()[self._begin:].decode(errors="replace")

    def tail(self, lines: int = 12) -> str:
        return "\n".join(self.output().splitlines()[-lines:])

    def wait_for_output(self, pattern: str, seconds: float = 10.0) -> re.Match:
        def seen():
            found = re.search(pattern, self.output())
            if not found and not self.is_running():
                raise Failure(f"{self.name} ended with exit code {self._process.returncode}: {self.tail(1)}")
            return found

        return wait_for(f"{self.name} to say /{pattern}/", seen, seconds)

    def wait(self, seconds: float = 10.0) -> int:
        """Its exit code, once it has ended by itself."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} still runs after {seconds:g} s") from None

    def stop(self, seconds: float = 10.0) -> int:
        """Asks it to end (SIGTERM) and returns its exit code."""
        if self.is_running():
            self._process.terminate()
        return self.wait(seconds)

    def kill(self) -> None:
        """SIGKILL, as a crash or a pulled plug would."""
        self._process.kill()
        self._process.wait()


class Host:
    """A network namespace: one machine of the laboratory."""

    def __init__(self, lab: "Lab", name: str):
        self.lab, self.name = lab, name
        _run(["ip", "netns", "add", name])
        lab.hosts.append(self)
        self.run("ip", "link", "set", "lo", "up")

    def entry(self) -> list[str]:
        return ["nsenter", f"--net=/run/netns/{self.name}"]

    def run(self, *argv: str, check: bool = True, seconds: float = 30.0, stdin: str = "") -> str:
        """Runs a command here and returns what it printed."""
        return _run([*self.entry(), *argv], check, seconds, stdin)

    def json(self, *argv: str):
        return json.loads(self.run(*argv) or "[]")

    def spawn(self, name: str, *argv: str) -> Program:
        program = Program(self, name, list(argv), self.lab.logs / f"{name}.log")
        self.lab.programs.append(program)
        return program

    def set_sysctl(self, key: str, value: int | str) -> None:
        path = "/proc/sys/" + key.replace(".", "/")
        self.run("sh", "-c", f"if test -e {path}; then echo {value} > {path}; fi")

    def leave_tcp_unpaced(self) -> None:
        """Where BBR is the machine's default, a connection that changes to CUBIC keeps BBR's pacing."""
        self.set_sysctl("net.ipv4.tcp_congestion_control", "reno")  # which every kernel has, for every user

    def link(self, nic: str) -> dict | None:
        """What `ip link` knows of an interface, None when there is none."""
        return next((link for link in self.json("ip", "-j", "-d", "link", "show") if link["ifname"] == nic), None)

    def mac(self, nic: str) -> str:
        return self.link(nic)["address"]

    def ipv4(self, nic: str) -> str | None:
        """The first IPv4 address of an interface."""
        if not self.link(nic):
            return None
        for interface in self.json("ip", "-j", "-4", "addr", "show", "dev", nic):
            for address in interface.get("addr_info", []):
                return address["local"]
        return None


class Switch(Host):
    """A namespace with one Linux bridge, br0, whose ports are called like the host they lead to."""

    def __init__(self, lab: "Lab", name: str, ageing_seconds: int):
        super().__init__(lab, name)
        self.run("ip", "link", "add", "br0", "type", "bridge", "ageing_time", str(ageing_seconds * 100))
        self.run("ip", "link", "set", "br0", "up")
        for family in ("ip", "ip6", "arp"):  # a switch does not filter
            self.set_sysctl(f"net.bridge.bridge-nf-call-{family}tables", 0)

    def port_of(self, mac: str) -> str | None:
        """The port behind which the switch has learned `mac`."""
        for entry in self.json("bridge", "-j", "fdb", "show", "br", "br0"):
            if entry["mac"] == mac.lower() and "permanent" not in entry.get("state", ""):
                return entry["ifname"]
        return None


class Lab:
    """Every host, switch and program of one laboratory. Ends and removes them when left."""

    def __init__(self, logs: pathlib.Path):
        """`logs` is emptied: every program writes LOGS/name.log."""
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        self.logs = logs
        self.hosts: list[Host] = []
        self.programs: list[Program] = []

    def host(self, name: str) -> Host:
        return Host(self, name)

    def switch(self, name: str, ageing_seconds: int = 300) -> Switch:
        return Switch(self, name, ageing_seconds)

    def plug(self, host: Host, nic: str, switch: Switch, *addresses: str) -> None:
        """A cable: interface `nic` of the host into the switch, with the given addresses (10.0.0.1/24)."""
        port = host.name
        _run(["ip", "link", "add", nic, "netns", host.name, "type", "veth", "peer", "name", port, "netns",
              switch.name])
        switch.run("ip", "link", "set", "dev", port, "master", "br0", "up")
        if not any(":" in address for address in addresses):
            host.set_sysctl(f"net.ipv6.conf.{nic}.disable_ipv6", 1)
        host.run("ip", "link", "set", "dev", nic, "up")
        for address in addresses:
            host.run("ip", "addr", "add", address, "dev", nic, *(["nodad"] if ":" in address else []))

    def close(self) -> None:
        for program in reversed(self.programs):
            with contextlib.suppress(Failure):
                program.stop(5)
            if program.is_running():
                program.kill()
        for host in self.hosts:
            _run(["ip", "netns", "del", host.name], check=False)

    def __enter__(self) -> "Lab":
        return self

    def __exit__(self, *_) -> None:
        self.close()


def running_processes() -> dict[int, str]:
    """Every living process of the private world: process id and command line."""
    found = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if command := (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip():
                found[int(entry.name)] = command
    return found


def _run(argv: list[str], check: bool = True, seconds: float = 30.0, stdin: str = "") -> str:
    try:
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Failure(f"`{' '.join(argv)}` did not end within {seconds:g} s") from None
    if check and done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Failure(f"`{' '.join(argv)}` failed: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout
