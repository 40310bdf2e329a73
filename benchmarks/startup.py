"""How long commands take as whole processes: `--help` against an empty Python, and `search` on a filled library.

The two commands of a ratio run in turn, so that a busy machine slows both; medians are shown. ``search`` needs a
library that holds the corpus (`assistant sync` it first).
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--library", help="folder of the library for `search` (the configuration's by default)")
    arguments = parser.parse_args()
    empty = [sys.executable, "-c", "pass"]
    assistant = [sys.executable, "-c", "from assistant.cli.main import main; main()"]
    search = [*assistant, "--offline", "search", "diffusion models for robot policies"]
    if arguments.library:
        search[-2:-2] = ["--set", f"paths.library={arguments.library}"]
    print(f"{arguments.runs} runs each, one after the other in turn\n")
    print("| command | median s | min s | against `python -c pass` (median of pairs) |\n|---|---|---|---|")
    _row("`assistant --help`", [*assistant, "--help"], empty, arguments.runs)
    _row("`assistant search …`", search, empty, arguments.runs)
    _row("`python -c 'import chromadb'`", [sys.executable, "-c", "import chromadb"], empty, arguments.runs)


def _row(name: str, command: Sequence[str], reference: Sequence[str], runs: int) -> None:
    _seconds(command)
    pairs = [(_seconds(command), _seconds(reference)) for _ in range(runs)]
    own = [mine for mine, _ in pairs]
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(f"| {name} | {statistics.median(own):.3f} | {min(own):.3f} | {ratio:.1f} |", flush=True)


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
