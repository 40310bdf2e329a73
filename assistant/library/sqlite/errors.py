"""What SQLite and the file system report, translated to library errors with their remedies."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import LibraryError, LibraryLocked

_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_CLOSED_DOORS = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
_PRIMARY_CODE = 0xFF


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Raise `LibraryError` for what the database or the file system refuses inside the block."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        library_error = _database_failure(error, folder)
        if library_error is None:
            raise
        raise library_error from error
    except OSError as error:
        raise _file_failure(error, folder) from error


def _database_failure(error: sqlite3.DatabaseError, folder: Path) -> LibraryError | None:
    # The low byte is the primary result code (sqlite.org/rescode.html). Errors of the module itself carry none.
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code == sqlite3.SQLITE_FULL:
        return _full(folder)
    if code in _DAMAGED:
        return damaged(folder / "papers.db", str(error))
    if code in _CLOSED_DOORS:
        return _closed(folder, str(error))
    if code in _BUSY:
        return LibraryLocked(
            f"another process is writing to the library in {folder}", "wait until it has finished, then try again"
        )
    if code == sqlite3.SQLITE_IOERR:
        return LibraryError(
            f"the library in {folder} cannot be read or written: {error}", "check the disk and its free space"
        )
    return None


def _file_failure(error: OSError, folder: Path) -> LibraryError:
    if error.errno in _FULL_DISK:
        return _full(folder)
    return _closed(folder, error.strerror or str(error))


def damaged(path: Path, reason: str) -> LibraryError:
    """The error for a database file that is not one, or not ours; the file stays as it is."""
    return LibraryError(
        f"{path} is damaged or is not a library: {reason}",
        "put a backup in its place, or move the file away and run `assistant sync`",
    )


def _full(folder: Path) -> LibraryError:
    return LibraryError(
        f"the disk of the library in {folder} is full; what was saved before is kept",
        "free some space and run the command again, or choose another folder (`paths.library` in the configuration)",
    )


def _closed(folder: Path, reason: str) -> LibraryError:
    return LibraryError(
        f"the library in {folder} cannot be opened for writing: {reason}",
        "make the folder writable, or choose another one (`paths.library` in the configuration, or XDG_DATA_HOME)",
    )
