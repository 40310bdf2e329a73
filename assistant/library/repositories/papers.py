"""Reading the truth: papers, days, counts, figures."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from assistant.library.records import LibraryPaper, Snapshot
from assistant.library.sqlite.rows import PAPER_COLUMNS, first_value, json_list, library_paper

_COLUMNS = f"{PAPER_COLUMNS}, upvotes, comments"


def papers_by_id(connection: sqlite3.Connection, paper_ids: Sequence[str]) -> list[LibraryPaper]:
    """The papers in the order of their ids; unknown ids are left out."""
    wanted = json_list(paper_ids)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))",  # noqa: S608 (fixed names)
        (wanted,),
    ).fetchall()
    days = _days_of(connection, wanted)
    found = {row[0]: library_paper(row, days.get(row[0], ())) for row in rows}
    return [found[paper_id] for paper_id in paper_ids if paper_id in found]


def ids_listed(connection: sqlite3.Connection, since: date, until: date) -> list[str]:
    """Ids of the papers listed in the days from ``since`` to ``until``: by day, then as the feed gave them."""
    rows = connection.execute(
        "SELECT paper_id FROM listings WHERE day BETWEEN ? AND ? ORDER BY day, rowid",
        (since.isoformat(), until.isoformat()),
    )
    return list(dict.fromkeys(paper_id for (paper_id,) in rows))


def days_with_papers(connection: sqlite3.Connection) -> dict[date, int]:
    """Every listing day, oldest first, with the number of its papers."""
    rows = connection.execute("SELECT day, count(*) FROM listings GROUP BY day ORDER BY day")
    return {date.fromisoformat(day): papers for day, papers in rows}


def newest_day(connection: sqlite3.Connection) -> date | None:
    """The last listing day; None in a library without listings."""
    day = first_value(connection, "SELECT max(day) FROM listings")
    return date.fromisoformat(str(day)) if day else None


def organizations(connection: sqlite3.Connection) -> dict[str, int]:
    """Every organization that a feed named, those of most papers first, with the number of papers."""
    rows = connection.execute(
        "SELECT organization, count(*) AS papers FROM papers WHERE organization IS NOT NULL"
        " GROUP BY organization ORDER BY papers DESC, organization"
    )
    return dict(rows.fetchall())


def snapshots_of(connection: sqlite3.Connection, paper_id: str) -> list[Snapshot]:
    """The counts of a paper over time, oldest first."""
    rows = connection.execute(
        "SELECT observed_at, upvotes, comments FROM snapshots WHERE paper_id = ? ORDER BY observed_at", (paper_id,)
    )
    return [Snapshot(datetime.fromisoformat(at), upvotes, comments) for at, upvotes, comments in rows]


def page_of_ids(connection: sqlite3.Connection, after_row: int, size: int) -> dict[int, str]:
    """The next paper ids by row number, in the order they came: for reading all papers without holding them all."""
    rows = connection.execute(
        "SELECT rowid, paper_id FROM papers WHERE rowid > ? ORDER BY rowid LIMIT ?", (after_row, size)
    )
    return dict(rows.fetchall())


def fetched_at(connection: sqlite3.Connection, feed: str, day: date) -> datetime | None:
    """When a day of a feed was last fetched completely; None when it never was."""
    fetched = first_value(
        connection, "SELECT fetched_at FROM synced_days WHERE feed = ? AND day = ?", feed, day.isoformat()
    )
    return datetime.fromisoformat(str(fetched)) if fetched else None


def generation(connection: sqlite3.Connection, key: str) -> str | None:
    """What a model wrote under the key before; None when it has not."""
    text = first_value(connection, "SELECT text FROM generations WHERE key = ?", key)
    return None if text is None else str(text)


def _days_of(connection: sqlite3.Connection, wanted: str) -> dict[str, tuple[date, ...]]:
    days: dict[str, tuple[date, ...]] = {}
    rows = connection.execute(
        "SELECT paper_id, day FROM listings WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY day", (wanted,)
    )
    for paper_id, day in rows:
        days[paper_id] = (*days.get(paper_id, ()), date.fromisoformat(day))
    return days
