"""One writer at a time: a lock of the operating system, with a note that says who holds it.

The lock (``writer.lock``) is freed by the system when its owner ends, in whatever way. The note (``writer.json``) is
for messages alone: one that a crash left behind blocks nobody.
"""

import json
import os
import shlex
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import LibraryLocked
from assistant.library.sqlite.errors import translated

if TYPE_CHECKING:
    from filelock import FileLock

_LOCK_NAME = "writer.lock"
_NOTE_NAME = "writer.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who writes: process, what it does, its command line, machine, and since when (ISO 8601, UTC)."""

    pid: int
    work: str
    command: str
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} (`{self.command}`, {self.work}, since {self.since})"


class WriterLock:
    """The right to write to one library folder; one object per opened library."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._lock: FileLock | None = None
        self._holders = 0

    @contextmanager
    def held(self, work: str, wait_seconds: float = 0.0) -> Iterator[None]:
        """Hold the lock for the block; ``work`` says in a word what for.

        Raises `LibraryLocked`, naming the owner, when another process or another part of this one holds it and
        does not let go within ``wait_seconds``.
        """
        with self._guard:
            if self._lock is not None:
                raise self._refusal()
            self._acquire(work, wait_seconds)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def held_or_own(self, work: str) -> Iterator[None]:
        """Hold the lock for the block, together with whoever holds it through this object already."""
        with self._guard:
            if self._lock is None:
                self._acquire(work, wait_seconds=0.0)
            else:
                self._holders += 1
        try:
            yield
        finally:
            self._leave()

    def _acquire(self, work: str, wait_seconds: float) -> None:
        from filelock import FileLock, Timeout

        # The lock may be taken in one thread and let go in another.
        lock = FileLock(self._folder / _LOCK_NAME, thread_local=False)
        with translated(self._folder):
            try:
                lock.acquire(timeout=wait_seconds)
            except Timeout as timeout:
                raise self._refusal() from timeout
            try:
                self._write_note(work)
            except OSError:
                lock.release()
                raise
        self._lock = lock
        self._holders = 1

    def _leave(self) -> None:
        with self._guard:
            self._holders -= 1
            if self._holders == 0 and self._lock is not None:
                with suppress(OSError):
                    (self._folder / _NOTE_NAME).unlink(missing_ok=True)
                self._lock.release()
                self._lock = None

    def owner(self) -> Owner | None:
        """Who holds the lock, by the note; None without one. The note of a crashed owner may still be there."""
        try:
            return Owner(**json.loads((self._folder / _NOTE_NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _refusal(self) -> LibraryLocked:
        owner = self.owner()
        who = str(owner) if owner else "another process"
        return LibraryLocked(
            f"the library in {self._folder} is being written by {who}",
            "wait until it has finished, or stop it; reading works meanwhile",
        )

    def _write_note(self, work: str) -> None:
        command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:2]])  # settings behind it may be secrets
        since = datetime.now(UTC).isoformat(timespec="seconds")
        owner = Owner(os.getpid(), work, command, socket.gethostname(), since)
        (self._folder / _NOTE_NAME).write_text(json.dumps(asdict(owner)), encoding="utf-8")
