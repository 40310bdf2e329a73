"""The connection to ``papers.db``, one for all threads behind a lock, and its schema: numbered SQL files, in order."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

from assistant.errors import LibraryMismatch
from assistant.library.sqlite.errors import damaged, translated
from assistant.library.sqlite.rows import json_list
from assistant.library.sqlite.writer_lock import WriterLock
from assistant.papers import clean_text, content_hash, normalized_title, provisional_id
from assistant.plain_text import clean_author_name, plain_text
from assistant.withdrawal import withdrawal_statement

APPLICATION_ID = 0x44504131  # "DPA1", set by the first migration
_MIGRATION_NAME = re.compile(r"(\d{4})_\w+\.sql")
_SETUP_WAIT_SECONDS = 10.0

DATABASE_NAME = "papers.db"
_BUSY_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: ``version`` is what ``PRAGMA user_version`` says after it."""

    version: int
    statements: tuple[str, ...]


@cache
def migrations() -> tuple[Migration, ...]:
    """Every step that this program knows, in order."""
    files = resources.files("assistant.library").joinpath("schema").iterdir()
    steps = [
        Migration(int(named.group(1)), tuple(_statements(file.read_text(encoding="utf-8"))))
        for file in files
        if (named := _MIGRATION_NAME.fullmatch(file.name))
    ]
    return tuple(sorted(steps, key=lambda migration: migration.version))


def latest_version() -> int:
    """The schema version that this program reads and writes."""
    return migrations()[-1].version


def add_functions(connection: sqlite3.Connection) -> None:
    """Give the connection what migrations ask of the program: texts as they are kept now."""
    for name, parameters, function in (
        ("plain_text", 1, plain_text),
        ("plain_names", 1, _plain_names),
        ("raw_comment", 1, _raw_comment),
        ("normalized_title", 1, normalized_title),
        ("provisional_id", 1, provisional_id),
        ("content_hash", 2, content_hash),
        ("is_withdrawn", 2, _is_withdrawn),
    ):
        connection.create_function(name, parameters, function, deterministic=True)


def ensure_schema(connection: sqlite3.Connection, path: Path, writer_lock: WriterLock) -> None:
    """Bring the database to the latest schema; costs two reads when it has it already.

    Raises `LibraryMismatch` when it was made by a newer program, `LibraryError` when it is something else.
    """
    if _version(connection, path) == latest_version():
        return
    with writer_lock.held("library setup", wait_seconds=_SETUP_WAIT_SECONDS):
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, _version(connection, path), latest_version())


def migrate(connection: sqlite3.Connection, since: int, until: int) -> None:
    """Apply the steps after version ``since`` up to ``until``; each one is kept whole or not at all."""
    add_functions(connection)
    for step in migrations():
        if not since < step.version <= until:
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in step.statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {step.version}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    # One statement sees one state of the file, also while another process sets it up.
    version, application, tables = connection.execute(
        "SELECT (SELECT user_version FROM pragma_user_version),"
        " (SELECT application_id FROM pragma_application_id), count(*) FROM sqlite_master"
    ).fetchone()
    if application != APPLICATION_ID and (version or tables):
        raise damaged(path, "it is a database of another program")
    if version > latest_version():
        raise LibraryMismatch(
            f"{path} was made by a newer version of this program (schema {version}, known up to {latest_version()})",
            "update the program (`pip install --upgrade daily-papers-assistant`), or choose another data folder",
        )
    return int(version)


def _plain_names(names: str) -> str:
    return json_list([clean_author_name(name) for name in json.loads(names)])


def _raw_comment(raw: str) -> str | None:
    """The comment in a record as the feed gave it: arXiv's own, of the outer or the inner object."""
    try:
        record = json.loads(raw)
    except ValueError:
        return None
    comment = record.get("comment") if isinstance(record, dict) else None
    return clean_text(comment) or None if isinstance(comment, str) else None


def _is_withdrawn(abstract: str, comment: str | None) -> bool:
    return withdrawal_statement(abstract, comment) is not None


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""


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
