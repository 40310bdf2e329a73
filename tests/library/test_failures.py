"""Refusals of SQLite and of the file system, in words with a remedy."""

import errno
import sqlite3
from pathlib import Path

import pytest

from assistant.errors import LibraryError, LibraryLocked
from assistant.library.sqlite.errors import translated

FOLDER = Path("library")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_FULL, LibraryError, "is full"),
        (sqlite3.SQLITE_CORRUPT, LibraryError, "damaged"),
        (sqlite3.SQLITE_NOTADB, LibraryError, "damaged"),
        (sqlite3.SQLITE_READONLY, LibraryError, "for writing"),
        (sqlite3.SQLITE_CANTOPEN, LibraryError, "for writing"),
        (sqlite3.SQLITE_BUSY, LibraryLocked, "another process"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, LibraryLocked, "another process"),
        (sqlite3.SQLITE_IOERR_WRITE, LibraryError, "cannot be read or written"),
    ],
)
def test_refusals_of_sqlite(code: int, kind: type[LibraryError], words: str) -> None:
    cause = sqlite3.OperationalError("in its own words")
    cause.sqlite_errorcode = code
    with pytest.raises(kind, match=words) as refused, translated(FOLDER):
        raise cause
    assert refused.value.remedy
    assert refused.value.__cause__ is cause


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "is full"), (errno.EROFS, "for writing"), (errno.EACCES, "for writing")]
)
def test_refusals_of_the_file_system(number: int, words: str) -> None:
    with pytest.raises(LibraryError, match=words) as refused, translated(FOLDER):
        raise OSError(number, "in its own words")
    assert refused.value.remedy


def test_what_is_a_mistake_of_the_program_stays_what_it_is() -> None:
    with pytest.raises(sqlite3.ProgrammingError), translated(FOLDER):
        raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
