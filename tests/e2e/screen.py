"""A program on a terminal, and what a person sees there."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

from lab import Failure, Host, wait_for

ESCAPE = re.compile(rb"\x1b\[(\??[0-9;]*)([A-Za-z])")


class Screen:
    """Runs a command on `host` with both its outputs on a terminal of the given size."""

    def __init__(self, host: Host, *argv: str, columns: int = 80, rows: int = 24):
        self.rows = rows
        self._lines = [[]]
        self._row = self._column = 0
        self._rest = b""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._terminal = ours
        self._process = subprocess.Popen([*host.entry(), *argv], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
                                         env={**os.environ, "TERM": "xterm"}, start_new_session=True)
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def lines(self) -> list[str]:
        """Every line from the beginning, those scrolled away too, without empty ones."""
        texts = (b"".join(line).decode(errors="replace").rstrip() for line in list(self._lines))
        return [text for text in texts if text]

    def wait_for(self, pattern: str, seconds: float = 15.0) -> re.Match:
        def seen():
            return re.search(pattern, "\n".join(self.lines()), re.MULTILINE)

        try:
            return wait_for(f"/{pattern}/ on the screen", seen, seconds)
        except Failure as failure:
            raise Failure(f"{failure}; it shows:\n" + "\n".join(self.lines())) from None

    def stop(self) -> int:
        if self._process.poll() is None:
            self._process.terminate()
        code = self._process.wait(10)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                data = b""  # nobody has it open any more
            if not data:
                return os.close(self._terminal)
            self._show(self._rest + data)

    def _show(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            if data[at] == 0x1b:
                escape = ESCAPE.match(data, at)
                if not escape:
                    break  # the rest of it is on its way
                self._control(escape[1], escape[2])
                at = escape.end()
                continue
            self._put(data[at:at + 1])
            at += 1
        self._rest = data[at:]

    def _control(self, argument: bytes, what: bytes) -> None:
        if what == b"A":
            self._row = max(self._row - int(argument), len(self._lines) - self.rows, 0)
        elif what == b"K":
            del self._lines[self._row][self._column:]
        elif what == b"J":
            del self._lines[self._row][self._column:]
            for line in self._lines[self._row + 1:]:
                line.clear()

    def _put(self, byte: bytes) -> None:
        if byte == b"\r":
            self._column = 0
        elif byte == b"\n":
            self._row += 1
            if self._row == len(self._lines):
                self._lines.append([])
        elif byte[0] & 0xc0 == 0x80 and self._column:
            self._lines[self._row][self._column - 1] += byte  # the rest of a character
        else:
            line = self._lines[self._row]
            line.extend([b" "] * (self._column + 1 - len(line)))
            line[self._column] = byte
            self._column += 1
