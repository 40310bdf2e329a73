"""How long the terminal application takes to its first paint, as a whole process, against an empty Textual application.

Both run without a terminal, in turn, so that a busy machine slows both; each ends by itself once its first screen is
painted. ``--library`` is a filled library (the configuration's by default); the chat page is what opens.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_EMPTY = """
from textual.app import App
class Empty(App):
    def on_ready(self):
        self.call_after_refresh(self.exit)
Empty().run(headless=True, size=(120, 40))
"""
_OURS = """
import pathlib, sys
from assistant.config import load_config
from assistant.tui.app import AssistantApp
from assistant.tui.session import Session
from assistant.workspace import Workspace
class Painted(AssistantApp):
    def on_ready(self):
        self.call_after_refresh(self.exit)
settings = {"offline": True} | ({"paths.library": sys.argv[1]} if sys.argv[1] else {})
workspace = Workspace(load_config(None, {}, settings), {})
Painted(Session(workspace), pathlib.Path(sys.argv[2])).run(headless=True, size=(120, 40))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--library", default="", help="folder of the library")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-c", _OURS, arguments.library, str(Path(folder) / "state.json")]
        empty = [sys.executable, "-c", _EMPTY]
        _seconds(ours), _seconds(empty)
        pairs = [(_seconds(ours), _seconds(empty)) for _ in range(arguments.runs)]
    ratio = statistics.median(mine / other for mine, other in pairs)
    print("| whole process to the first paint | median s | min s |\n|---|---|---|")
    for name, side in (("`assistant`", 0), ("empty Textual application", 1)):
        seconds = [pair[side] for pair in pairs]
        print(f"| {name} | {statistics.median(seconds):.3f} | {min(seconds):.3f} |")
    print(f"\n{ratio:.2f} times (median of {arguments.runs} pairs)")


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
