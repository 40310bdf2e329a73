"""How values lie in ``papers.db``: papers as rows, days and instants as ISO text, lists as JSON."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime

from assistant.library.records import StoredPaper
from assistant.papers import Author, Paper, Provenance, arxiv_day, normalized_title

PAPER_COLUMNS = (
    "paper_id, title, abstract, source, authors, published, organization, keywords, github, project_page, comment"
)
_PAPER_WIDTH = len(fields(Paper))


def paper_from_row(row: Sequence[str | None]) -> Paper:
    """The paper of a row whose first columns are `PAPER_COLUMNS`."""
    paper_id, title, abstract, source, authors, published, organization, keywords, github, project_page, comment = row[
        :_PAPER_WIDTH
    ]
    return Paper(
        paper_id=paper_id or "",
        title=title or "",
        abstract=abstract or "",
        source=Provenance(source or ""),
        authors=tuple(Author(name) for name in json.loads(authors or "[]")),
        # Libraries of earlier versions hold days of revisions as the feed told them.
        published=arxiv_day(paper_id or "", date.fromisoformat(published)) if published else None,
        organization=organization,
        keywords=tuple(json.loads(keywords or "[]")),
        github=github,
        project_page=project_page,
        comment=comment,
    )


def paper_values(paper: Paper) -> dict[str, str | int | None]:
    """The columns of a paper by name, its counts and its raw record left out."""
    return {
        "paper_id": paper.paper_id,
        "normalized_title": normalized_title(paper.title),
        "content_hash": paper.content_hash,
        "source": paper.source.value,
        "published": paper.published.isoformat() if paper.published else None,
        "organization": paper.organization,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": json_list([author.name for author in paper.authors]),
        "keywords": json_list(paper.keywords),
        "github": paper.github,
        "project_page": paper.project_page,
        "comment": paper.comment,
        "withdrawn": int(paper.withdrawn),
    }


def library_paper(row: Sequence[str | int | None], days: tuple[date, ...]) -> StoredPaper:
    """A paper with its counts, of a row of `PAPER_COLUMNS`, upvotes and comments."""
    upvotes, comments = row[_PAPER_WIDTH], row[_PAPER_WIDTH + 1]
    return StoredPaper(
        paper=paper_from_row([value if isinstance(value, str) else None for value in row[:_PAPER_WIDTH]]),
        days=days,
        upvotes=upvotes if isinstance(upvotes, int) else None,
        comments=comments if isinstance(comments, int) else None,
    )


def json_list(texts: Sequence[str]) -> str:
    """Strings as a JSON array: also how a list of any length is bound to a statement (``json_each``)."""
    return json.dumps(list(texts), ensure_ascii=False)


def instant_text(instant: datetime) -> str:
    """An aware instant as ISO text in UTC, always of the same width, so that text order is time order."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def first_value(connection: sqlite3.Connection, statement: str, *parameters: str) -> str | int | None:
    """The first column of the first row; None when there is no row."""
    row = connection.execute(statement, parameters).fetchone()
    value: str | int | None = row[0] if row else None
    return value
