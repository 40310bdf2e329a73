"""The notes beside a file: what its SHA-256 was, for which size and time that holds, and what it has to be."""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.models.assets.disk import write_atomically


@dataclass(frozen=True, slots=True)
class Stamp:
    """A measured SHA-256 (hex) with the size (bytes) and the modification time (nanoseconds) of the file."""

    sha256: str
    size: int
    mtime_ns: int


def read_stamp(file: Path) -> Stamp | None:
    """The stamp of a file; None when there is none or the file was changed since."""
    try:
        stamp = Stamp(**json.loads(_stamp_path(file).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    facts = file.stat()
    return stamp if (stamp.size, stamp.mtime_ns) == (facts.st_size, facts.st_mtime_ns) else None


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Keep a stamp; a folder that cannot be written goes without, and the file is hashed again next time."""
    with contextlib.suppress(OSError):
        write_atomically(_stamp_path(file), json.dumps(asdict(stamp)))


def recorded_sha256(file: Path) -> str | None:
    """The SHA-256 that was recorded for a file whose bytes the list does not know; None before its first pull."""
    try:
        return _record_path(file).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def record_sha256(file: Path, sha256: str) -> None:
    """Record the SHA-256 that the file must have from now on."""
    write_atomically(_record_path(file), f"{sha256}\n")


def _record_path(file: Path) -> Path:
    return file.with_name(f".{file.name}.sha256")


def _stamp_path(file: Path) -> Path:
    return file.with_name(f".{file.name}.verified")
