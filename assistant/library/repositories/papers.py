"""Reading the database: papers, days, counts, figures."""

import re
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from assistant.library.records import Snapshot, StoredPaper
from assistant.library.sqlite.rows import PAPER_COLUMNS, first_value, json_list, library_paper
from assistant.papers import normalized_title

_COLUMNS = f"{PAPER_COLUMNS}, upvotes, comments"


def papers_by_id(connection: sqlite3.Connection, paper_ids: Sequence[str]) -> list[StoredPaper]:
    """The papers in the order of their ids; unknown ids are left out."""
    id_list = json_list(paper_ids)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))",  # noqa: S608 (fixed names)
        (id_list,),
    ).fetchall()
    days = _days_of(connection, id_list)
    papers = {row[0]: library_paper(row, days.get(row[0], ())) for row in rows}
    return [papers[paper_id] for paper_id in paper_ids if paper_id in papers]


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


def _days_of(connection: sqlite3.Connection, id_list: str) -> dict[str, tuple[date, ...]]:
    days: dict[str, tuple[date, ...]] = {}
    rows = connection.execute(
        "SELECT paper_id, day FROM listings WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY day", (id_list,)
    )
    for paper_id, day in rows:
        days[paper_id] = (*days.get(paper_id, ()), date.fromisoformat(day))
    return days


_SHORTEST_CONTAINED = 12
_CLOSE_ENOUGH = 0.5


def ids_by_title(connection: sqlite3.Connection, text: str, limit: int) -> list[str]:
    """Ids of the papers whose title is the text, else has it in it (or stands in it), else is close to it.

    The best match is first; a name before the title's colon comes before other words of titles. A short text
    counts from the beginning of a word alone ("FACET" is not in "NullFace: Training-Free Localized Face
    Anonymization"). Close means a Dice coefficient of character trigrams of 0.5 and more.
    """
    title_key = normalized_title(text)
    if not title_key or limit < 1:
        return []
    paper_ids = _exact(connection, title_key) or _worded(connection, title_key, text)
    if not paper_ids and len(title_key) >= _SHORTEST_CONTAINED:
        paper_ids = _containing(connection, title_key)
    return (paper_ids or _close(connection, title_key))[:limit]


def _exact(connection: sqlite3.Connection, title_key: str) -> list[str]:
    rows = connection.execute("SELECT paper_id FROM titles WHERE normalized_title = ? ORDER BY rowid", (title_key,))
    return [paper_id for (paper_id,) in rows]


def _worded(connection: sqlite3.Connection, title_key: str, text: str) -> list[str]:
    """Titles with the text at the beginning of words: as the name before a colon, as whole words, the shortest."""
    words = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", text.casefold()))
    begun, whole = re.compile(rf"(?<!\w){words}"), re.compile(rf"(?<!\w){words}(?!\w)")
    rows = connection.execute(
        "SELECT papers.paper_id, title FROM papers WHERE instr(normalized_title, ?) ORDER BY length(title), rowid",
        (title_key,),
    )
    titles = {paper_id: title.casefold() for paper_id, title in rows if begun.search(title.casefold())}

    def order(paper_id: str) -> tuple[bool, bool]:
        title = titles[paper_id]
        return normalized_title(title.partition(":")[0]) != title_key, whole.search(title) is None

    return sorted(titles, key=order)


def _containing(connection: sqlite3.Connection, title_key: str) -> list[str]:
    """Titles that hold the text, the shortest first; then those that stand whole in it, the longest first."""
    rows = connection.execute(
        "SELECT paper_id FROM titles WHERE instr(normalized_title, ?1)"
        " OR (length(normalized_title) >= ?2 AND instr(?1, normalized_title))"
        " ORDER BY abs(length(normalized_title) - length(?1)), rowid",
        (title_key, _SHORTEST_CONTAINED),
    )
    return list(dict.fromkeys(paper_id for (paper_id,) in rows))


def _close(connection: sqlite3.Connection, title_key: str) -> list[str]:
    trigrams = _trigrams(title_key)
    closeness: dict[str, float] = {}
    for title, paper_id in connection.execute("SELECT normalized_title, paper_id FROM titles ORDER BY rowid"):
        others = _trigrams(title)
        shared = 2 * len(trigrams & others) / (len(trigrams) + len(others))
        closeness[paper_id] = max(shared, closeness.get(paper_id, 0.0))
    near = [paper_id for paper_id, shared in closeness.items() if shared >= _CLOSE_ENOUGH]
    return sorted(near, key=lambda paper_id: -closeness[paper_id])


def _trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(max(1, len(text) - 2))}
