"""Writing papers as JSON Lines, the form that `assistant sync` reads back."""

import gzip
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from assistant.feeds.records import export_line
from assistant.papers import Listing, Paper

STANDARD_OUTPUT = "-"


def write_export(file: Path, papers: Iterable[tuple[Paper, Listing | None]]) -> int:
    """Write one line a paper and listing, and return their number.

    ``-`` is standard output; a name in ``.gz`` is compressed; a device or pipe is written to as it is. A file appears
    under its name when it is whole. Raises `OSError` when it cannot be written; nothing is left behind then.
    """
    if str(file) == STANDARD_OUTPUT:
        return _write(sys.stdout.buffer, papers)
    if file.exists() and not file.is_file():
        with file.open("wb") as device:
            return _write(device, papers)
    file = file.resolve()
    unfinished = file.with_name(file.name + ".partial")
    try:
        with gzip.open(unfinished, "wb") if file.suffix == ".gz" else unfinished.open("wb") as stream:
            lines = _write(stream, papers)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return lines


def _write(stream: "BinaryIO | gzip.GzipFile", papers: Iterable[tuple[Paper, Listing | None]]) -> int:
    lines = 0
    for paper, listing in papers:
        stream.write(export_line(paper, listing).encode() + b"\n")
        lines += 1
    return lines
