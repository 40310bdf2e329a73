"""What stops a fetch, in words: a source that cannot give the bytes, a disk that cannot take them."""

import errno
import shutil
from pathlib import Path

from assistant.errors import AssetError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_MESSAGES = ("No space left on device", "Disk quota exceeded", "not enough space on the disk")


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
