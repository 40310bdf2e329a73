"""Hard filters of a question, answered by SQL on the database; the indexes only rank what passes."""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import date

from assistant.library.links import LinkKind, ids_with_links
from assistant.library.sqlite.rows import json_list

_WORD = re.compile(r"[^\W_]+")
_FIRST_DAY = "0000-01-01"
_LAST_DAY = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must be like; a part that is not given lets everything pass.

    ``since`` and ``until`` are days, both included: any listing day matches, or the arXiv date of a paper that was
    never listed. ``organizations`` match when their words stand in the paper's organization, without case
    ("nvidia": "NVIDIA Research"). ``min_upvotes`` leaves papers of unknown upvotes out. Of each of the ``authors`` one
    spelling is among a paper's authors. ``links`` are all there. Each of the ``words``, or phrases, stands whole in
    title or abstract, without case.
    """

    since: date | None = None
    until: date | None = None
    organizations: tuple[str, ...] = ()
    paper_ids: tuple[str, ...] = ()
    min_upvotes: int | None = None
    authors: tuple[tuple[str, ...], ...] = ()
    links: tuple[LinkKind, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filters()


def matching_ids(connection: sqlite3.Connection, filters: Filters) -> frozenset[str] | None:
    """The ids of all papers that pass; None when nothing is filtered."""
    if filters.is_empty:
        return None
    selections: list[tuple[str, tuple[str | int, ...]]] = []
    if filters.since or filters.until:
        selections.append(_by_date(filters.since, filters.until))
    if filters.organizations:
        selections.append(_by_organization(connection, filters.organizations))
    if filters.paper_ids:
        id_list = json_list(filters.paper_ids)
        selections.append(
            ("SELECT paper_id FROM papers WHERE paper_id IN (SELECT value FROM json_each(?))", (id_list,))
        )
    if filters.min_upvotes is not None:
        selections.append(("SELECT paper_id FROM papers WHERE upvotes >= ?", (filters.min_upvotes,)))
    selections += [_by_author(spellings) for spellings in filters.authors]
    passing = [
        frozenset(paper_id for (paper_id,) in connection.execute(statement, parameters))
        for statement, parameters in selections
    ]
    passing += [_with_words(connection, phrase) for phrase in filters.words]
    if filters.links:
        passing.append(ids_with_links(connection, filters.links))
    allowed = frozenset.intersection(*passing)
    (papers,) = connection.execute("SELECT count(*) FROM papers").fetchone()
    return None if len(allowed) == papers else allowed  # an index is slow to look for thousands of papers one by one


def whole_words(phrase: str) -> re.Pattern[str]:
    """What finds a word or a phrase where it stands whole, without case, whatever blanks are in it."""
    parts = r"\s+".join(map(re.escape, phrase.split()))
    return re.compile(rf"(?<!\w){parts}(?!\w)", re.IGNORECASE)


def organizations_like(connection: sqlite3.Connection, names: tuple[str, ...]) -> tuple[str, ...]:
    """The organizations of the library in whose names one of the given names stands, as whole words."""
    phrases = [f" {organization_key(name)} " for name in names if name.strip()]
    organizations = connection.execute("SELECT DISTINCT organization FROM papers WHERE organization IS NOT NULL")
    return tuple(name for (name,) in organizations if any(words in f" {organization_key(name)} " for words in phrases))


def organization_key(name: str) -> str:
    """What is equal for spellings of one organization: its words, without case and signs ("Foo-AI", "foo ai")."""
    return " ".join(_WORD.findall(name.casefold())) or name.casefold().strip()


def _by_date(since: date | None, until: date | None) -> tuple[str, tuple[str, ...]]:
    first = since.isoformat() if since else _FIRST_DAY
    last = until.isoformat() if until else _LAST_DAY
    statement = (
        "SELECT paper_id FROM listings WHERE day BETWEEN ? AND ?"
        " UNION SELECT paper_id FROM papers WHERE published BETWEEN ? AND ?"
        " AND NOT EXISTS (SELECT 1 FROM listings WHERE listings.paper_id = papers.paper_id)"
    )
    return statement, (first, last, first, last)


def _by_author(spellings: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Names are kept as JSON strings, so that one is found by its quoted text."""
    condition = " OR ".join("instr(authors, ?)" for _ in spellings) or "0"
    parameters = tuple(json.dumps(name, ensure_ascii=False) for name in spellings)
    return f"SELECT paper_id FROM papers WHERE {condition}", parameters  # noqa: S608 (fixed texts)


def _with_words(connection: sqlite3.Connection, phrase: str) -> frozenset[str]:
    pattern = whole_words(phrase)
    narrowed: str = "1"
    parameters: tuple[str, ...] = ()
    if phrase.isascii() and phrase.split():  # LIKE knows no case of other letters
        narrowed, parameters = "text LIKE ?", (f"%{max(phrase.split(), key=len)}%",)
    rows = connection.execute(
        f"SELECT paper_id, text FROM (SELECT paper_id, title || char(10) || abstract AS text FROM papers)"  # noqa: S608
        f" WHERE {narrowed}",
        parameters,
    )
    word = max(phrase.casefold().split(), key=len, default="")
    return frozenset(paper_id for paper_id, text in rows if word in text.casefold() and pattern.search(text))


def _by_organization(connection: sqlite3.Connection, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    organization_list = json_list(organizations_like(connection, names))
    return "SELECT paper_id FROM papers WHERE organization IN (SELECT value FROM json_each(?))", (organization_list,)
