"""What happens while assets are fetched or verified, as typed events for whoever shows it."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import AssetError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_MESSAGES = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")


class Phase(StrEnum):
    """What the bytes of a `Progressed` are counted for."""

    FETCH = "fetch"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another process pulls the same asset; this one waits for it."""

    asset: str


@dataclass(frozen=True, slots=True)
class SourceTried:
    """The asset is about to be fetched from this source."""

    asset: str
    source: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """``done`` of ``total`` bytes (0 where it is not known) are fetched or verified; never falls within one phase."""

    asset: str
    phase: Phase
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SourceSkipped:
    """A source could not give the asset, for this reason; the next one is tried."""

    asset: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The asset is here and verified; ``fetched`` is False when it already was."""

    asset: str
    path: Path
    fetched: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The first bytes of an asset that the list does not know came; their SHA-256 is what it must have from now on."""

    asset: str
    sha256: str


AssetEvent = Waiting | SourceTried | Progressed | SourceSkipped | Recorded | Ready
Listener = Callable[[AssetEvent], None]


def ignore(_event: AssetEvent) -> None:
    """A listener for callers that show nothing."""


class SourceFailure(AssetError):
    """One source could not give the asset; the next one may.

    ``unreachable`` when nothing else of that kind needs to be tried now, ``wrong_bytes`` when bytes came and were not
    those of the list.
    """

    def __init__(self, reason: str, *, unreachable: bool = False, wrong_bytes: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable
        self.wrong_bytes = wrong_bytes


def speaks_of_full_disk(text: str) -> bool:
    """Whether the messages of another program say that the disk is full."""
    return any(message in text for message in _FULL_MESSAGES)


def full_disk(folder: Path) -> AssetError:
    """The error for a disk that became full while an asset was written."""
    return AssetError(
        f"The disk that holds {folder} is full.",
        "Free some space, or set paths.assets to another disk; then pull again: it goes on where it stopped.",
    )


def explain_os_error(error: OSError, folder: Path) -> AssetError:
    """The error for the reader when the asset folder cannot be read or written."""
    if error.errno in _FULL:
        return full_disk(folder)
    reason = error.strerror or str(error)
    return AssetError(
        f"The asset folder cannot be used: {error.filename or folder}: {reason}.",
        "Check the permissions of the folder, or set paths.assets to another one.",
    )


def require_space(folder: Path, needed: int) -> None:
    """Raise `AssetError` when the disk of ``folder`` has less than ``needed`` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise AssetError(
            f"{needed / 1e9:.2f} GB are needed in {folder} and {free / 1e9:.2f} GB are free.",
            "Free some space, or set paths.assets to another disk.",
        )
