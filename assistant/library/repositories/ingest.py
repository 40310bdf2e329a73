"""Taking the records of a feed into the database: who is who, what is new, which counts changed."""

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import IntEnum

from assistant.library.records import IngestReport
from assistant.library.repositories.merging import merge_counts, merge_papers, storable, storable_text, wins
from assistant.library.sqlite.rows import PAPER_COLUMNS, first_value, instant_text, paper_from_row, paper_values
from assistant.papers import FeedBatch, FeedRecord, Listing, Paper, is_provisional, normalized_title

_PROVISIONAL_GLOB = "title:*"
_LARGEST_COUNT = 2**63 - 1
_LATEST_AFTER = timedelta(days=14)  # what the hub's ``submittedOnDailyAt`` is late by, at most


class _Change(IntEnum):
    UNCHANGED = 0
    UPDATED = 1
    NEW = 2


@dataclass(frozen=True, slots=True)
class _Stored:
    """A paper and the record, as the feed gave it, that its text is from."""

    paper: Paper
    raw: str


@dataclass(slots=True)
class _Outcome:
    """What a batch has done so far: the change of each paper, and the listings in the order they came."""

    changes: dict[str, _Change] = field(default_factory=dict)
    listings: list[tuple[str, Listing]] = field(default_factory=list)
    new_names: dict[str, str] = field(default_factory=dict)

    def note(self, paper_id: str, change: _Change) -> None:
        self.changes[paper_id] = max(change, self.changes.get(paper_id, _Change.UNCHANGED))

    def rename(self, old_id: str, new_id: str) -> None:
        self.new_names[old_id] = new_id
        self.note(new_id, self.changes.pop(old_id, _Change.UPDATED))

    def counts(self) -> dict[str, Listing]:
        """The counts of each paper; of several observations in a batch the last one holds."""
        merged: dict[str, Listing] = {}
        for named, listing in self.listings:
            paper_id = self.new_names.get(named, named)
            merged[paper_id] = merge_counts(listing, merged.get(paper_id))
        return merged

    def ids(self, change: _Change) -> tuple[str, ...]:
        return tuple(paper_id for paper_id, noted in self.changes.items() if noted is change)


def ingest_batch(connection: sqlite3.Connection, batch: FeedBatch, observed_at: datetime) -> IngestReport:
    """Take a batch in, inside a transaction of the caller; the same batch again changes nothing."""
    outcome = _Outcome()
    for record in batch.records:
        _ingest_record(connection, record, outcome)
    for paper_id, counts in outcome.counts().items():
        if _keep_counts(connection, paper_id, counts, instant_text(observed_at)):
            outcome.note(paper_id, _Change.UPDATED)
    return IngestReport(
        new=outcome.ids(_Change.NEW),
        updated=outcome.ids(_Change.UPDATED),
        unchanged=outcome.ids(_Change.UNCHANGED),
        rejections=batch.rejections,
    )


def _ingest_record(connection: sqlite3.Connection, record: FeedRecord, outcome: _Outcome) -> None:
    incoming = storable(record.paper)
    title = normalized_title(incoming.title)
    if is_provisional(incoming.paper_id):
        incoming = replace(incoming, paper_id=_known_by_title(connection, title, record.listing) or incoming.paper_id)
    else:
        _claim_provisional(connection, incoming.paper_id, title, outcome)
    paper_id = incoming.paper_id
    outcome.note(paper_id, _keep_paper(connection, _Stored(incoming, storable_text(record.raw))))
    connection.execute("INSERT OR IGNORE INTO titles (normalized_title, paper_id) VALUES (?, ?)", (title, paper_id))
    if record.listing is not None:
        if _drop_late_day(connection, paper_id, record):
            outcome.note(paper_id, _Change.UPDATED)
        if _is_new_day(connection, paper_id, record) and _keep_listing(connection, paper_id, record.listing.day):
            outcome.note(paper_id, _Change.UPDATED)
        outcome.listings.append((paper_id, _sane(record.listing)))


def _known_by_title(connection: sqlite3.Connection, title: str, listing: Listing | None) -> str | None:
    """The named paper that bears the title: of several the one listed on that day, else the one that bore it first."""
    paper_id = first_value(
        connection,
        "SELECT titles.paper_id FROM titles LEFT JOIN listings"
        " ON listings.paper_id = titles.paper_id AND listings.day = ?"
        " WHERE titles.normalized_title = ? AND titles.paper_id NOT GLOB ?"
        " ORDER BY listings.rowid IS NULL, listings.rowid, titles.rowid LIMIT 1",
        listing.day.isoformat() if listing else "",
        title,
        _PROVISIONAL_GLOB,
    )
    return None if paper_id is None else str(paper_id)


def _claim_provisional(connection: sqlite3.Connection, paper_id: str, title: str, outcome: _Outcome) -> None:
    """Give what is known of the title alone to the paper that now bears it."""
    provisional = _stored(
        connection,
        "paper_id = (SELECT paper_id FROM titles WHERE normalized_title = ? AND paper_id GLOB ?)",
        title,
        _PROVISIONAL_GLOB,
    )
    if provisional is None:
        return
    provisional_id = provisional.paper.paper_id
    named = _stored(connection, "paper_id = ?", paper_id)
    if named is None:
        connection.execute("UPDATE papers SET paper_id = ? WHERE paper_id = ?", (paper_id, provisional_id))
    else:
        _absorb(connection, named, provisional)
    outcome.rename(provisional_id, paper_id)
    outcome.note(paper_id, _Change.UPDATED)


def _absorb(connection: sqlite3.Connection, named: _Stored, provisional: _Stored) -> None:
    # The named paper's own record is taken as the later one: among equal sources its text stands.
    paper_id = named.paper.paper_id
    merged = _merged(provisional, named)
    _write_paper(connection, _Stored(replace(merged.paper, paper_id=paper_id), merged.raw))
    for table in ("listings", "snapshots", "titles"):
        connection.execute(
            f"UPDATE OR IGNORE {table} SET paper_id = ? WHERE paper_id = ?",  # noqa: S608 (fixed names)
            (paper_id, provisional.paper.paper_id),
        )
    connection.execute("DELETE FROM papers WHERE paper_id = ?", (provisional.paper.paper_id,))
    _refresh_counts(connection, paper_id)


def _keep_paper(connection: sqlite3.Connection, incoming: _Stored) -> _Change:
    stored = _stored(connection, "paper_id = ?", incoming.paper.paper_id)
    if stored is None:
        values = paper_values(incoming.paper) | {"raw": incoming.raw}
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO papers ({names}) VALUES ({places})", values)  # noqa: S608 (fixed names)
        return _Change.NEW
    merged = _merged(stored, incoming)
    if merged != stored:
        _write_paper(connection, merged)
    return _Change.UNCHANGED if merged.paper == stored.paper else _Change.UPDATED


def _merged(stored: _Stored, incoming: _Stored) -> _Stored:
    raw = incoming.raw if wins(incoming.paper, stored.paper) else stored.raw
    return _Stored(merge_papers(stored.paper, incoming.paper), raw)


def _write_paper(connection: sqlite3.Connection, stored: _Stored) -> None:
    values = paper_values(stored.paper) | {"raw": stored.raw}
    settings = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(f"UPDATE papers SET {settings} WHERE paper_id = :paper_id", values)  # noqa: S608 (fixed names)


def _stored(connection: sqlite3.Connection, condition: str, *parameters: str) -> _Stored | None:
    statement = f"SELECT {PAPER_COLUMNS}, raw FROM papers WHERE {condition}"  # noqa: S608 (fixed texts)
    row = connection.execute(statement, parameters).fetchone()
    return _Stored(paper_from_row(row), row[-1]) if row else None


def _is_new_day(connection: sqlite3.Connection, paper_id: str, record: FeedRecord) -> bool:
    """Whether a listing day is one more; a day that the feed's record tells itself can be the known one, days late."""
    if record.listing is None or not record.tells_own_day:
        return True
    since = record.listing.day - _LATEST_AFTER
    statement = "SELECT 1 FROM listings WHERE paper_id = ? AND day BETWEEN ? AND ?"
    return first_value(connection, statement, paper_id, since.isoformat(), record.listing.day.isoformat()) is None


def _drop_late_day(connection: sqlite3.Connection, paper_id: str, record: FeedRecord) -> bool:
    """Take back a day that the record told itself before another was asked for, unless its page was fetched too."""
    if record.listing is None or record.own_day is None or record.tells_own_day:
        return False
    if not record.listing.day < record.own_day <= record.listing.day + _LATEST_AFTER:
        return False
    deleted = connection.execute(
        "DELETE FROM listings WHERE paper_id = ? AND day = ? AND day NOT IN (SELECT day FROM synced_days)",
        (paper_id, record.own_day.isoformat()),
    )
    return deleted.rowcount > 0


def _keep_listing(connection: sqlite3.Connection, paper_id: str, day: date) -> bool:
    inserted = connection.execute(
        "INSERT OR IGNORE INTO listings (paper_id, day) VALUES (?, ?)", (paper_id, day.isoformat())
    )
    return inserted.rowcount > 0


def _sane(listing: Listing) -> Listing:
    return replace(listing, upvotes=_sane_count(listing.upvotes), comments=_sane_count(listing.comments))


def _sane_count(count: int | None) -> int | None:
    return count if count is not None and 0 <= count <= _LARGEST_COUNT else None


def _keep_counts(connection: sqlite3.Connection, paper_id: str, counts: Listing, observed_at: str) -> bool:
    """Add a snapshot when the counts differ from those known at that time; a count not given stays as it was."""
    before = connection.execute(
        "SELECT upvotes, comments FROM snapshots WHERE paper_id = ? AND observed_at <= ?"
        " ORDER BY observed_at DESC LIMIT 1",
        (paper_id, observed_at),
    ).fetchone()
    latest = tuple(before or (None, None))
    merged = merge_counts(counts, Listing(counts.day, *latest))
    now = (merged.upvotes, merged.comments)
    if now == latest:
        return False
    connection.execute(
        "INSERT INTO snapshots (paper_id, observed_at, upvotes, comments) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (paper_id, observed_at) DO UPDATE SET upvotes = excluded.upvotes, comments = excluded.comments",
        (paper_id, observed_at, *now),
    )
    _refresh_counts(connection, paper_id)
    return True


def _refresh_counts(connection: sqlite3.Connection, paper_id: str) -> None:
    connection.execute(
        "UPDATE papers SET"
        " upvotes = (SELECT upvotes FROM snapshots AS seen WHERE seen.paper_id = papers.paper_id"
        " AND seen.upvotes IS NOT NULL ORDER BY observed_at DESC LIMIT 1),"
        " comments = (SELECT comments FROM snapshots AS seen WHERE seen.paper_id = papers.paper_id"
        " AND seen.comments IS NOT NULL ORDER BY observed_at DESC LIMIT 1)"
        " WHERE paper_id = ?",
        (paper_id,),
    )
