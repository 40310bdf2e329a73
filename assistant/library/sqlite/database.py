"""The connection to ``papers.db``: one for all threads of the process, guarded by a lock."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from assistant.library.sqlite.errors import translated
from assistant.library.sqlite.migrations import ensure_schema
from assistant.library.sqlite.writer_lock import WriterLock

DATABASE_NAME = "papers.db"
_BUSY_TIMEOUT_SECONDS = 10.0


class Database:
    """``papers.db``, opened and of the current schema.

    A single connection serves every thread: each block of `reading` or `transaction` holds a reentrant lock, so
    methods may be called through ``asyncio.to_thread``. Other processes read while one writes (WAL).
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self.folder = folder

    @classmethod
    def open(cls, folder: Path, writer_lock: WriterLock) -> Self:
        """Open the database, making or migrating it first where that is needed.

        Raises `LibraryMismatch` for a database of a newer program, `LibraryError` for a damaged or unwritable one.
        """
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                folder / DATABASE_NAME,
                timeout=_BUSY_TIMEOUT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            with ExitStack() as unless_ready:
                unless_ready.callback(connection.close)
                connection.execute("PRAGMA foreign_keys = ON")
                ensure_schema(connection, folder / DATABASE_NAME, writer_lock)
                unless_ready.pop_all()
        return cls(connection, folder)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, translated(self.folder):
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside a write transaction: everything in the block is kept, or nothing."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # not committed; a full disk makes SQLite roll back by itself
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; what was committed is kept."""
        with self._lock:
            self._connection.close()
