"""Files on disk: hashes, and writes that a crash leaves either whole or undone."""

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from assistant.models.assets.threads import Stop

CHUNK_BYTES = 1 << 20


def sha256_of(path: Path, stop: Stop, report: Callable[[int], None]) -> str:
    """SHA-256 of a file in hex; ``report`` gets the bytes read so far."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            stop.check()
            digest.update(chunk)
            done += len(chunk)
            report(done)
    return digest.hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file as a whole."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def move_durably(source: Path, destination: Path) -> None:
    """Rename a finished file to its place, its bytes on the disk first."""
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    destination.parent.mkdir(parents=True, exist_ok=True)
    source.replace(destination)
    with contextlib.suppress(OSError):  # not every system opens folders; the rename stands without it
        folder = os.open(destination.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
