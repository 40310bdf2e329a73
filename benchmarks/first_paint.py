"""How long the command `assistant` takes to its first paint, as a whole process, against an empty Textual application.

Both run in a pseudo terminal of 120×40, in turn, so that a busy machine slows both. The clock stops when the terminal
gets the text of the first screen: the page's name in the bar, or the one word of the empty application. The command is
the one a reader types, in a home of its own (no configuration, no state), offline; `--library` is a filled library (an
empty one by default). POSIX only.
"""

import argparse
import fcntl
import os
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_COLUMNS, _ROWS = 120, 40
_EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("painted")
Empty().run()
"""
_PATIENCE_SECONDS = 60.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--library", type=Path, help="folder of the library")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(Path(home))
        library = arguments.library or Path(home) / "library"
        ours = [sys.executable, "-m", "assistant", "--offline", "--set", f"paths.library={library}"]
        empty = [sys.executable, "-c", _EMPTY]
        _remember_introduced(environment)
        pairs = [
            (_seconds(ours, b"[Chat]", environment), _seconds(empty, b"painted", environment))
            for _ in range(arguments.runs + 1)
        ][1:]  # the first pair fills the caches of files
    ratio = statistics.median(mine / other for mine, other in pairs)
    print("| whole process to the first paint | median s | min s |\n|---|---|---|")
    for name, side in (("`assistant`", 0), ("empty Textual application", 1)):
        seconds = [pair[side] for pair in pairs]
        print(f"| {name} | {statistics.median(seconds):.3f} | {min(seconds):.3f} |")
    print(f"\n{ratio:.2f} times (median of {arguments.runs} pairs)")


def _environment(home: Path) -> dict[str, str]:
    """The environment without what configures the command, in another home."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("ASSISTANT_", "TEXTUAL", "XDG_"))
    }
    folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {**environment, **folders, "HOME": str(home), "TERM": "xterm-256color"}


def _remember_introduced(environment: Mapping[str, str]) -> None:
    """A reader who has seen the first steps: the chat is what opens."""
    code = (
        "from assistant.paths import default_folders as folders; from assistant.tui.ui_state import UiState;"
        "from assistant.tui.runner import STATE_FILE; UiState(introduced=True).write(folders().logs / STATE_FILE)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def _seconds(command: Sequence[str], awaited: bytes, environment: Mapping[str, str]) -> float:
    """From the start of the process until its terminal got the text; it is ended then."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    try:
        printed = b""
        while awaited not in printed:
            seconds_left = began + _PATIENCE_SECONDS - time.perf_counter()
            if seconds_left <= 0 or process.poll() is not None:
                raise SystemExit(f"{awaited!r} did not come: {printed[-2000:]!r}")
            if select.select([ours], [], [], min(seconds_left, 1.0))[0]:
                printed += os.read(ours, 65536)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


if __name__ == "__main__":
    main()
