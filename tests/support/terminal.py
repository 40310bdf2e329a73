"""The command in a pseudo terminal that is typed into and read from, and what such a terminal shows."""

import fcntl
import os
import re
import selectors
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len

_PIECES = re.compile(
    r"\x1b\[(?P<row>\d+);(?P<column>\d+)H"
    r"|\x1b\[[0-9;?<>=$]*[a-zA-Z~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|\x1b[=>a-zA-Z]"
    r"|(?P<text>[^\x1b\r\n]+)|(?P<newline>\r?\n)|\r|\x1b"
)


def screen_text(sent: str) -> str:
    """The lines of the screen after everything in ``sent`` was drawn, without the spaces at their ends."""
    cells: dict[tuple[int, int], str] = {}
    row, column = 1, 1
    for piece in _PIECES.finditer(sent):
        if piece["row"]:
            row, column = int(piece["row"]), int(piece["column"])
        elif piece["newline"]:
            row, column = row + 1, 1
        for character in piece["text"] or "":
            cells[row, column] = character
            column += cell_len(character)
    rows = max((at for at, _ in cells), default=0)
    return "\n".join(_line(cells, at) for at in range(1, rows + 1))


def _line(cells: dict[tuple[int, int], str], row: int) -> str:
    columns = {column: character for (at, column), character in cells.items() if at == row}
    return "".join(columns.get(column, " ") for column in range(1, max(columns, default=0) + 1)).rstrip()


_PATIENCE_SECONDS = 90.0
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*[a-zA-Z~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>a-zA-Z])")

ALTERNATE_SCREEN, USUAL_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"


class Terminal:
    """A process whose terminal is ``size`` (columns, rows); what it printed is in ``output``."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int], stderr: int | None
    ) -> None:
        self._ours, self._theirs = os.openpty()
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.attributes_before = self.attributes
        self.output = b""
        self.process = subprocess.Popen(
            command, stdin=self._theirs, stdout=self._theirs, stderr=stderr or self._theirs, env=environment,
            start_new_session=True,
        )  # fmt: skip

    @property
    def attributes(self) -> list[Any]:
        """How the terminal is set: echo, line mode, signals."""
        return termios.tcgetattr(self._theirs)

    @property
    def text(self) -> str:
        """What was printed, without colours and movements."""
        return _ESCAPES.sub(b"", self.output).decode("utf-8", "replace")

    def press(self, keys: bytes) -> None:
        """Send what the terminal sends for keys."""
        os.write(self._ours, keys)

    def read(self) -> None:
        """Take what was printed within a short while."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._ours, selectors.EVENT_READ)
            if selector.select(timeout=0.2):
                self.output += os.read(self._ours, 65536)

    def wait_for(self, text: str) -> None:
        """Read until the text was printed."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while text not in self.text:
            assert time.monotonic() < deadline, f"{text!r} did not come; the last was {self.text[-2000:]!r}"
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.text[-2000:]!r}"
            self.read()

    def wait_for_end(self) -> int:
        """Read until the process has ended; its exit code."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"does not end; the last was {self.text[-2000:]!r}"
            self.read()
        before = -1
        while len(self.output) != before:
            before = len(self.output)
            self.read()
        return self.process.returncode

    def close(self) -> None:
        """End the process, if it has not."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


@contextmanager
def terminal(
    *arguments: str,
    environment: Mapping[str, str],
    size: tuple[int, int] = (100, 30),
    code: str | None = None,
    stderr: int | None = None,
) -> Iterator[Terminal]:
    """``assistant`` with these arguments in a terminal; ``code`` runs before it, in the same process.

    ``stderr`` leads its errors somewhere else, as for `subprocess.Popen`.
    """
    command = [sys.executable, "-m", "assistant", *arguments]
    if code is not None:
        runs = f"{code}\nimport sys\nfrom assistant.cli.main import run\nsys.exit(run(sys.argv[1:]))"
        command = [sys.executable, "-c", runs, *arguments]
    opened = Terminal(command, environment, size, stderr)
    try:
        yield opened
    finally:
        opened.close()
