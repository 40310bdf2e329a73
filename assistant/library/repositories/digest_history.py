"""What digests have shown: by profile, so that the next one can leave it out."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from assistant.errors import LibraryLocked
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.errors import translated
from assistant.library.sqlite.rows import first_value, instant_text, json_list


class DigestHistory:
    """The papers that were shown, and those that were passed over; profile "" is the digest without a profile.

    Like marks they outlive syncs and rebuilds and follow a paper that gets its arXiv id; ids that the library does not
    know are passed by. No writer lock is needed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self, profile: str) -> frozenset[str]:
        """The papers that were shown to a profile."""
        return self._ids("profile = ? AND NOT passed_over", profile)

    def known(self, profile: str) -> frozenset[str]:
        """The papers that a digest of the profile has looked at, shown or passed over: none of them is new."""
        return self._ids("profile = ?", profile)

    def last(self, profile: str) -> datetime | None:
        """When a digest of the profile last showed something (UTC); None when none ever did."""
        with self._database.reading() as connection:
            at = first_value(connection, "SELECT max(at) FROM shown WHERE profile = ? AND NOT passed_over", profile)
        return datetime.fromisoformat(str(at)) if at else None

    def since(self, profile: str) -> date | None:
        """The listing day from which on the profile is shown what is new; None before the first such digest."""
        with self._database.reading() as connection:
            day = first_value(connection, "SELECT day FROM shown_since WHERE profile = ?", profile)
        return date.fromisoformat(str(day)) if day else None

    def remember(
        self,
        profile: str,
        paper_ids: Collection[str],
        at: datetime,
        *,
        passed_over: Collection[str] = (),
        since: date | None = None,
    ) -> None:
        """Keep, all in one, what a digest has shown and what it ``passed_over``; ``at`` is aware.

        What was shown before keeps its time and stays shown. ``since`` is the first listing day of a digest of what is
        new; that of the first such digest stays.
        """
        with self._database.transaction() as connection:
            _keep(connection, profile, paper_ids, at, passed_over=False)
            _keep(connection, profile, passed_over, at, passed_over=True)
            if since is not None:
                connection.execute(
                    "INSERT OR IGNORE INTO shown_since (profile, day) VALUES (?, ?)", (profile, since.isoformat())
                )

    def _ids(self, condition: str, profile: str) -> frozenset[str]:
        statement = f"SELECT paper_id FROM shown WHERE {condition}"  # noqa: S608 (fixed texts)
        with self._database.reading() as connection:
            return frozenset(paper_id for (paper_id,) in connection.execute(statement, (profile,)))

    @contextmanager
    def delivering(self, profile: str) -> Iterator[None]:
        """Be the one digest of the profile that is delivered, from choosing its papers to remembering them.

        Raises `LibraryLocked` when another process, or another part of this one, is at it. The lock is the operating
        system's: that of a process that ended is free.
        """
        from filelock import FileLock, Timeout

        folder = self._database.folder
        lock = FileLock(folder / (f"digest-{profile}.lock" if profile else "digest.lock"), thread_local=False)
        with translated(folder):
            try:
                lock.acquire(timeout=0)
            except Timeout as timeout:
                whose = f"the digest of {profile}" if profile else "the digest"
                raise LibraryLocked(
                    f"another run is delivering {whose} right now",
                    "wait until it has finished; what it does not deliver comes with the next run",
                ) from timeout
        try:
            yield
        finally:
            lock.release()


def _keep(
    connection: sqlite3.Connection, profile: str, paper_ids: Collection[str], at: datetime, *, passed_over: bool
) -> None:
    connection.execute(
        "INSERT INTO shown (profile, paper_id, at, passed_over)"
        " SELECT ?1, paper_id, ?2, ?3 FROM papers WHERE paper_id IN (SELECT value FROM json_each(?4))"
        " ON CONFLICT (profile, paper_id) DO UPDATE SET at = excluded.at, passed_over = excluded.passed_over"
        " WHERE passed_over > excluded.passed_over",
        (profile, instant_text(at), int(passed_over), json_list(list(paper_ids))),
    )
