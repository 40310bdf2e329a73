"""The program's own files as a source: weights that were made for it, copied to where assets lie."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from assistant.assets.catalog import ShippedFile
from assistant.assets.disk import CHUNK_BYTES
from assistant.assets.failures import SourceFailure
from assistant.assets.threads import Stop

_COPY = "shipped.copy"


def copy(source: ShippedFile, folder: Path, stop: Stop, report: Callable[[int], None]) -> Path:
    """A copy of the file in ``folder``, not yet verified; raises `SourceFailure` when the program came without it."""
    packed = files("assistant.assets").joinpath("shipped", source.file)
    if not packed.is_file():
        raise SourceFailure("this installation came without it")
    done = 0
    path = folder / _COPY
    with packed.open("rb") as original, path.open("wb") as written:
        while chunk := original.read(CHUNK_BYTES):
            stop.check()
            done += written.write(chunk)
            report(done)
    return path


def discard(folder: Path) -> None:
    """Remove a copy whose bytes are wrong."""
    (folder / _COPY).unlink(missing_ok=True)
