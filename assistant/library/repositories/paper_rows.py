"""The library as lists to browse: light rows of papers, ordered, filtered, completed while a title is typed."""

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from assistant.library.filters import Filters, matching_ids
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import json_list
from assistant.papers import WITHDRAWN, normalized_title

_ROWS = (
    "SELECT papers.paper_id, title, coalesce(listed.day, published) AS day, upvotes, comments, organization,"
    " CASE WHEN organization IS NULL OR organization = '' THEN authors END,"
    " read_at IS NOT NULL, coalesce(starred, 0), coalesce(note, '') <> '', withdrawn"
    " FROM papers LEFT JOIN marks ON marks.paper_id = papers.paper_id"
    " LEFT JOIN (SELECT paper_id, max(day) AS day FROM listings GROUP BY paper_id) AS listed"
    " ON listed.paper_id = papers.paper_id"
)
_AMONG = "papers.paper_id IN (SELECT value FROM json_each(?))"
_AUTHORS_SHOWN = 3
_MOST_WORDS = 16
_ALL = Filters()
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as one row of a list: no abstract, so that all papers of a library can be held at once.

    ``day`` is the latest listing day, or else the arXiv date. ``byline`` is the organization or the first authors.
    """

    paper_id: str
    title: str
    day: date | None
    upvotes: int | None
    comments: int | None
    byline: str
    read: bool
    starred: bool
    noted: bool
    withdrawn: bool = False

    @property
    def facts(self) -> str:
        """Day, upvotes and who wrote it, as far as they are known: "2026-08-21 · ▲ 63 · Google"."""
        day = self.day.isoformat() if self.day else ""
        upvotes = "" if self.upvotes is None else f"▲ {self.upvotes}"
        withdrawn = WITHDRAWN if self.withdrawn else ""
        return " · ".join(part for part in (withdrawn, day, upvotes, self.byline) if part)


class RowOrder(StrEnum):
    """The order of rows; what a paper lacks (a day, a count) puts it last."""

    NEWEST = "newest"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    TITLE = "title"


class Mark(StrEnum):
    """What a list may be narrowed to."""

    UNREAD = "unread"
    STARRED = "starred"
    NOTED = "noted"


_ORDERS = {
    RowOrder.NEWEST: "day DESC, upvotes DESC, papers.rowid",
    RowOrder.UPVOTES: "upvotes DESC, day DESC, papers.rowid",
    RowOrder.COMMENTS: "comments DESC, upvotes DESC, day DESC, papers.rowid",
    RowOrder.TITLE: "papers.rowid",
}
_MARKED = {
    None: "1",
    Mark.UNREAD: "read_at IS NULL",
    Mark.STARRED: "starred = 1",
    Mark.NOTED: "note <> ''",
}


class PaperRowQueries:
    """Reads rows of papers; a list of 11,000 takes about a tenth of a second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, filters: Filters = _ALL, order: RowOrder = RowOrder.NEWEST, mark: Mark | None = None
    ) -> list[PaperRow]:
        """The papers that pass the filters and have the mark, in order."""
        with self._database.reading() as connection:
            allowed = matching_ids(connection, filters)
            among, parameters = ("1", ()) if allowed is None else (_AMONG, (json_list(tuple(allowed)),))
            records = connection.execute(
                f"{_ROWS} WHERE {among} AND {_MARKED[mark]} ORDER BY {_ORDERS[order]}", parameters
            ).fetchall()
        rows = [_row(values) for values in records]
        if order is RowOrder.TITLE:
            rows.sort(key=lambda row: row.title.casefold())
        return rows

    def rows_of(self, paper_ids: Sequence[str]) -> list[PaperRow]:
        """The rows of these papers in the order of the ids; unknown ids are left out."""
        with self._database.reading() as connection:
            records = connection.execute(f"{_ROWS} WHERE {_AMONG}", (json_list(paper_ids),)).fetchall()
        rows = {values[0]: _row(values) for values in records}
        return [rows[paper_id] for paper_id in paper_ids if paper_id in rows]

    def recent(self, limit: int) -> list[PaperRow]:
        """The papers of the newest days, those of most upvotes first within a day."""
        with self._database.reading() as connection:
            records = connection.execute(f"{_ROWS} ORDER BY {_ORDERS[RowOrder.NEWEST]} LIMIT ?", (limit,)).fetchall()
        return [_row(values) for values in records]

    def complete(self, text: str, limit: int = 8) -> list[PaperRow]:
        """Papers for a title that is being typed: every word of the text begins a word of the title.

        Titles that begin with the text come first, then those of most upvotes. Without a word the newest papers.
        """
        words = _words(text)
        if not words:
            return self.recent(limit)
        pattern = re.compile("".join(rf"(?=.*(?<![^\W_]){re.escape(word)})" for word in words), re.DOTALL)
        with self._database.reading() as connection:
            title_matches = (
                paper_id for paper_id, title in _titles_with(connection, words) if pattern.match(_folded(title))
            )
            paper_ids = list(islice(title_matches, limit))
        return self.rows_of(paper_ids)


def _row(values: Sequence[Any]) -> PaperRow:
    paper_id, title, day, upvotes, comments, organization, authors, is_read, starred, noted, withdrawn = values
    return PaperRow(
        paper_id,
        title,
        _day(day) if day else None,
        upvotes,
        comments,
        organization or _first_authors(authors),
        bool(is_read),
        bool(starred),
        bool(noted),
        bool(withdrawn),
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)


def _first_authors(authors: str) -> str:
    """What `Paper.byline` says of authors as they are stored; made without a `Paper`, for the sake of long lists."""
    names = json.loads(authors)
    return ", ".join(names[:_AUTHORS_SHOWN]) + (" et al." if len(names) > _AUTHORS_SHOWN else "")


def _titles_with(connection: sqlite3.Connection, words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Id and title of papers in whose letters and digits each word stands somewhere.

    Those that begin with the words come first, then those of most upvotes.
    """
    # Normalized titles are in an index of their own, so that no abstract is read to narrow the papers down.
    parts = [normalized_title(word) for word in words]
    conditions = " AND ".join("instr(normalized_title, ?)" for _ in parts)
    return connection.execute(
        "SELECT paper_id, title FROM papers WHERE rowid IN"  # noqa: S608 (fixed texts)
        f" (SELECT rowid FROM papers INDEXED BY papers_by_title WHERE {conditions})"
        " ORDER BY instr(normalized_title, ?) <> 1, upvotes DESC, rowid",
        (*parts, "".join(parts)),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))[:_MOST_WORDS]


def _folded(text: str) -> str:
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
