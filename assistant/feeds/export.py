"""Writing papers as JSON Lines, the form that `assistant sync` reads back."""

from collections.abc import Iterable
from typing import Protocol

from assistant.feeds.record_parser import export_line
from assistant.papers import Listing, Paper


class ByteStream(Protocol):
    """Where the lines go: a file, standard output, a compressing stream."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""
        ...


def write_export(stream: ByteStream, papers: Iterable[tuple[Paper, Listing | None]]) -> int:
    """Write one line a paper and listing, and return their number. Raises the stream's `OSError`."""
    lines = 0
    for paper, listing in papers:
        stream.write(export_line(paper, listing).encode() + b"\n")
        lines += 1
    return lines
