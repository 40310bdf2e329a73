"""Taking papers out of the library: which ones go, and what of the reader's goes with them."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.errors import UsageError
from assistant.library.records import StoredPaper
from assistant.library.repositories.papers import papers_by_id
from assistant.library.sqlite.rows import json_list
from assistant.papers import Provenance

_FIRST_DAY, _LAST_DAY = "0000-01-01", "9999-12-31"
_MOST_NAMED = 5


class MarkedPapers(StrEnum):
    """What becomes of papers with a star or a note, which the reader made: stay, or go with what was written."""

    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class RemovalRequest:
    """What is to go: papers by id, listing days (single ones, and ``since`` to ``until``), papers of the sample."""

    paper_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    since: date | None = None
    until: date | None = None
    sample: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return self == RemovalRequest()


@dataclass(frozen=True, slots=True)
class MarkedPaper:
    """A paper that the reader starred or wrote a note on; ``what`` says which."""

    paper_id: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Removal:
    """What a request comes to.

    ``papers`` go as a whole. ``delisted`` are ids of papers that stay, for they are listed on another day too; they
    lose the ``days`` that go. ``marked`` are those of ``papers`` with a star or a note, ``kept`` ids of such that stay.
    """

    papers: tuple[StoredPaper, ...] = ()
    delisted: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    marked: tuple[MarkedPaper, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be removed."""
        return not self.papers and not self.delisted


def planned(connection: sqlite3.Connection, request: RemovalRequest, marked: MarkedPapers | None) -> Removal:
    """What the request would remove; changes nothing. A paper goes with its last listing day."""
    days = _days(connection, request)
    on_days = _listed_on(connection, days)
    staying = {paper_id for paper_id in on_days if _is_listed_elsewhere(connection, paper_id, days)}
    going = {*request.paper_ids, *(_of_sample(connection) if request.sample else ()), *(on_days - staying)}
    with_marks = _marked(connection, going | on_days)
    kept_ids: set[str] = set()
    if marked is MarkedPapers.KEEP:
        kept_ids = set(with_marks) & (going | staying)
        going, staying = going - kept_ids, staying - kept_ids
    papers = tuple(papers_by_id(connection, sorted(going)))
    return Removal(
        papers=papers,
        delisted=tuple(sorted(staying - going)),
        days=tuple(date.fromisoformat(day) for day in days),
        marked=tuple(with_marks[each.paper_id] for each in papers if each.paper_id in with_marks),
        kept=tuple(sorted(kept_ids)),
    )


def remove(connection: sqlite3.Connection, request: RemovalRequest, marked: MarkedPapers | None) -> Removal:
    """Remove what the request asks for, inside a transaction of the caller; the indexes follow when they catch up.

    Listings, counts, titles, marks and what digests showed go with a paper. A day that goes counts as never fetched, so
    that a sync can bring it back. Conversations keep what they quote.

    Raises:
        UsageError: papers with a star or a note would go, and ``marked`` does not say what becomes of them.
    """
    removal = planned(connection, request, marked)
    require_decided(removal, marked)
    ids = json_list([each.paper_id for each in removal.papers])
    days = json_list([day.isoformat() for day in removal.days])
    connection.execute("DELETE FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))", (ids,))
    connection.execute(
        "DELETE FROM listings WHERE day IN (SELECT value FROM json_each(?))"
        " AND paper_id IN (SELECT value FROM json_each(?))",
        (days, json_list(removal.delisted)),
    )
    connection.execute("DELETE FROM synced_days WHERE day IN (SELECT value FROM json_each(?))", (days,))
    return removal


def require_decided(removal: Removal, marked: MarkedPapers | None) -> None:
    """Raise `UsageError` when papers with a star or a note would go and nobody decided on them."""
    if not removal.marked or marked is not None:
        return
    named = [f"{each.title} ({each.what})" for each in removal.marked[:_MOST_NAMED]]
    more = len(removal.marked) - len(named)
    listed = "; ".join(named) + (f"; and {more} more" if more else "")
    count = "1 of these papers carries" if len(removal.marked) == 1 else f"{len(removal.marked)} of these papers carry"
    raise UsageError(
        f"{count} a star or a note of yours: {listed}.",
        "Add `--marked keep` to leave them in the library, or `--marked remove` to remove them with what you wrote.",
    )


def _days(connection: sqlite3.Connection, request: RemovalRequest) -> list[str]:
    """The listing days of the library that are to go, oldest first."""
    days = {day.isoformat() for day in request.days}
    if request.since or request.until:
        first = request.since.isoformat() if request.since else _FIRST_DAY
        last = request.until.isoformat() if request.until else _LAST_DAY
        listed = connection.execute("SELECT DISTINCT day FROM listings WHERE day BETWEEN ? AND ?", (first, last))
        days |= {day for (day,) in listed}
    return sorted(days)


def _listed_on(connection: sqlite3.Connection, days: Collection[str]) -> set[str]:
    rows = connection.execute(
        "SELECT paper_id FROM listings WHERE day IN (SELECT value FROM json_each(?))", (json_list(list(days)),)
    )
    return {paper_id for (paper_id,) in rows}


def _is_listed_elsewhere(connection: sqlite3.Connection, paper_id: str, days: Collection[str]) -> bool:
    other_listing = connection.execute(
        "SELECT 1 FROM listings WHERE paper_id = ? AND day NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
        (paper_id, json_list(list(days))),
    )
    return other_listing.fetchone() is not None


def _of_sample(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT paper_id FROM papers WHERE source = ?", (Provenance.SAMPLE.value,))
    return {paper_id for (paper_id,) in rows}


def _marked(connection: sqlite3.Connection, paper_ids: Collection[str]) -> dict[str, MarkedPaper]:
    rows = connection.execute(
        "SELECT paper_id, title, starred, note FROM marks JOIN papers USING (paper_id)"
        " WHERE (starred OR note <> '') AND paper_id IN (SELECT value FROM json_each(?))",
        (json_list(sorted(paper_ids)),),
    )
    return {
        paper_id: MarkedPaper(paper_id, title, " and ".join(["a star"] * bool(starred) + ["a note"] * bool(note)))
        for paper_id, title, starred, note in rows
    }
