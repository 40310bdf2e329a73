"""Writing a file so that it is whole, or the former one is still there."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assistant.errors import DeliveryError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_OTHER_PLACE = "Name a file in another folder."


def save_text(path: Path, text: str) -> Path:
    """Write text as UTF-8, lone surrogates as "?"; see `save_bytes`."""
    return save_bytes(path, text.encode("utf-8", "replace"))


def save_bytes(path: Path, data: bytes) -> Path:
    """Write a file and return its absolute path; a former file of that name stays as it was unless all is written.

    ``~`` is the home folder; a link is followed; a device or a pipe is written to as it is. Blocking. Raises
    `DeliveryError` for a folder that is missing or cannot be written, a folder in place of the file, a full disk.
    """
    with replacing(path) as stream:
        stream.write(data)
    return absolute(path)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file when the block ends; when it fails nothing is left of them.

    Raises `DeliveryError` like `save_bytes`, also for what the disk refuses inside the block.
    """
    target = absolute(path)
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as device:
                yield device
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        draft = target.with_name(f".{secrets.token_hex(8)}.partial")
        try:
            with draft.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        _settle(target.parent)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _refused(target, error) from error


def require_writable(path: Path) -> None:
    """Raise the `DeliveryError` that `save_bytes` would, as far as it can be known before anything is written."""
    target = absolute(path)
    if wrong := _wrong_place(target):
        raise DeliveryError(*wrong)
    try:
        is_device = target.exists() and not target.is_file()
        needed = [target] if is_device else [target.parent, *([target] if target.exists() else [])]
    except OSError as error:
        raise _refused(target, error) from error
    if not all(os.access(place, os.W_OK) for place in needed):
        raise _refused(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def make_folder(folder: Path) -> None:
    """Make a folder, and those it stands in, unless it is there. Raises `DeliveryError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeliveryError(
            f"The folder {folder} cannot be made: {error.strerror or error}.", "Name another folder."
        ) from error


def absolute(path: Path) -> Path:
    """Where a path leads: its home folder filled in, links followed. Raises `DeliveryError` for one that cannot be."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise DeliveryError(f"{str(path)!r} is no place for a file: {error}.", _OTHER_PLACE) from error


def _settle(folder: Path) -> None:
    """Have the folder remember the new name through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _refused(target: Path, error: OSError) -> DeliveryError:
    """What the system said, in words for the reader and with what to do about it."""
    folder = target.parent
    if error.errno in _FULL:
        return DeliveryError(
            f"No space is left on the disk for {target}; a former file is unchanged.",
            "Free some space, or name a file on another disk.",
        )
    if error.errno == errno.EFBIG:
        return DeliveryError(f"{target} would be larger than the system allows (`ulimit -f`).", _OTHER_PLACE)
    if wrong := _wrong_place(target):
        return DeliveryError(*wrong)
    if error.errno in _FORBIDDEN:
        what = f"{target}" if target.exists() and not os.access(target, os.W_OK) else f"The folder {folder}"
        return DeliveryError(f"{what} may not be written to.", "Name another file, or change its permissions.")
    return DeliveryError(f"{target} cannot be written: {error.strerror or error}.", _OTHER_PLACE)


def _wrong_place(target: Path) -> tuple[str, str] | None:
    """Message and remedy for a place where no file can be, whoever writes it."""
    folder = target.parent
    # `os.path` answers also where `Path` raises: a name that is too long, a folder that may not be looked into.
    if os.path.isdir(target):  # noqa: PTH112
        return f"{target} is a folder, not a file.", f"Name a file in it, such as {target / 'papers'}."
    if not os.path.lexists(folder):
        return f"The folder {folder} does not exist.", f"Make it (`mkdir -p '{folder}'`), or name another."
    if not os.path.isdir(folder):  # noqa: PTH112
        return f"{folder} is a file, not a folder.", _OTHER_PLACE
    return None
