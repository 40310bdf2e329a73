"""How papers, upvotes, organizations and topics are spread over weeks."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from assistant.library.database import Database
from assistant.library.filters import Filters, matching_ids
from assistant.library.rows import json_list
from assistant.library.terms import abbreviated, keyword_terms, title_terms, usual_spelling

_ALL = Filters()
_WORD = re.compile(r"[^\W_]+")
_AMONG = "paper_id IN (SELECT value FROM json_each(?))"
_ENDLESS = ("0000-01-01", "9999-12-31")
_SHORTEST_TERM = 3
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekCount:
    """The papers of one week, which begins on the Monday ``first_day``, and their upvotes of today."""

    first_day: date
    papers: int
    upvotes: int


@dataclass(slots=True)
class _Tally:
    """Papers and upvotes of a topic, and how often each way to write it occurs."""

    papers: int = 0
    upvotes: int = 0
    spellings: Counter[str] = field(default_factory=Counter)


class Trends:
    """Counts over the papers that pass filters; each takes some tenths of a second on 11,000 papers.

    A paper counts in every week in which it was listed, so that a week has as many papers as a list filtered by its
    days; one that was never listed counts in the week of its arXiv date.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def weeks(self, filters: Filters = _ALL) -> list[WeekCount]:
        """Papers and upvotes by week, oldest first; weeks without papers between them count zero."""
        with self._database.reading() as connection:
            return self._weeks(filters, matching_ids(connection, filters))

    def weeks_of_topic(self, words: str, filters: Filters = _ALL) -> list[WeekCount]:
        """`weeks` of the papers that have every one of the words in title, abstract or keywords, in any case.

        A word stands for itself and its plural, not for a part of another one ("rag" is not in "storage").
        """
        with self._database.reading() as connection:
            allowed = matching_ids(connection, filters)
            texts = connection.execute(
                "SELECT paper_id, title || ' ' || abstract || ' ' || keywords FROM papers"
            ).fetchall()
        wanted = [_Wanted.of(word) for word in _WORD.findall(words.casefold())]
        if not wanted:
            return []
        found = frozenset(
            paper_id
            for paper_id, text in texts
            if (allowed is None or paper_id in allowed) and _has_words(text.casefold(), wanted)
        )
        return self._weeks(filters, found)

    def organizations(self, filters: Filters = _ALL, limit: int = 20) -> list[tuple[str, int, int]]:
        """Name, papers and upvotes of the organizations with most papers."""
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            return connection.execute(
                "SELECT organization, count(*) AS papers, sum(coalesce(upvotes, 0)) AS upvotes FROM papers"  # noqa: S608
                f" WHERE organization <> '' AND {among} GROUP BY organization"
                " ORDER BY papers DESC, upvotes DESC, organization LIMIT ?",
                (*parameters, limit),
            ).fetchall()

    def topics(self, filters: Filters = _ALL, limit: int = 30) -> list[tuple[str, int, int]]:
        """Name, papers and upvotes of the topics with most papers, in lower case.

        Topics are the feed's keywords; where it gave them to less than half of the papers, words and pairs of words
        of titles. Singular and plural are one topic, under the spelling that occurs most.
        """
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            papers = connection.execute(
                f"SELECT title, keywords, coalesce(upvotes, 0) FROM papers WHERE {among}",  # noqa: S608 (fixed texts)
                parameters,
            ).fetchall()
        with_keywords = sum(keywords != "[]" for _, keywords, _ in papers)
        if with_keywords * 2 >= len(papers):
            return _counted([(keyword_terms(json.loads(keywords)), upvotes) for _, keywords, upvotes in papers])[:limit]
        return _counted([(title_terms(title), upvotes) for title, _, upvotes in papers])[:limit]

    def _weeks(self, filters: Filters, allowed: frozenset[str] | None) -> list[WeekCount]:
        first = filters.since.isoformat() if filters.since else _ENDLESS[0]
        last = filters.until.isoformat() if filters.until else _ENDLESS[1]
        with self._database.reading() as connection:
            dated = connection.execute(
                "SELECT papers.paper_id, coalesce(day, published), coalesce(upvotes, 0) FROM papers"
                " LEFT JOIN listings ON listings.paper_id = papers.paper_id"
                " WHERE coalesce(day, published) BETWEEN ? AND ?",
                (first, last),
            ).fetchall()
        counted = {
            (paper_id, _monday(day)): upvotes
            for paper_id, day, upvotes in dated
            if allowed is None or paper_id in allowed
        }
        return _filled(counted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word to look for: its singular, which is looked for first because that is fast, and the pattern of both."""

    singular: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> "_Wanted":
        singular = word[:-1] if len(word) > _SHORTEST_TERM and word.endswith("s") and word[-2] != "s" else word
        return cls(singular, re.compile(rf"(?<![^\W_]){re.escape(singular)}(?:e?s)?(?![^\W_])"))


def _has_words(text: str, wanted: Iterable[_Wanted]) -> bool:
    return all(word.singular in text and word.pattern.search(text) for word in wanted)


def _counted(papers: Sequence[tuple[Mapping[str, str], int]]) -> list[tuple[str, int, int]]:
    """Spelling, papers and upvotes of the terms in the papers, those of most papers first.

    ``papers`` are terms and upvotes of each. Acronyms count as what they stand for. A word that stands mostly inside
    a longer term that is counted itself is left out.
    """
    meant = abbreviated(Counter(key for terms, _ in papers for key in terms))
    tallies: dict[str, _Tally] = {}
    for terms, upvotes in papers:
        for key in {meant.get(key, key) for key in terms}:
            tally = tallies.setdefault(key, _Tally())
            tally.papers += 1
            tally.upvotes += upvotes
        for key, spelling in terms.items():
            tallies[meant.get(key, key)].spellings[spelling] += 1
    inside = _most_inside(tallies)
    leading = sorted(tallies.items(), key=lambda known: (-known[1].papers, -known[1].upvotes, known[0]))
    return [
        (usual_spelling(tally.spellings), tally.papers, tally.upvotes)
        for key, tally in leading
        if inside.get(key, 0) * 2 <= tally.papers
    ]


def _most_inside(tallies: Mapping[str, _Tally]) -> dict[str, int]:
    """For each word of a longer term the papers of the most frequent such term."""
    inside: dict[str, int] = {}
    for key, tally in tallies.items():
        parts = key.split(" ")
        for word in parts if len(parts) > 1 else ():
            inside[word] = max(tally.papers, inside.get(word, 0))
    return inside


def _among(allowed: frozenset[str] | None) -> tuple[str, tuple[str, ...]]:
    return ("1", ()) if allowed is None else (_AMONG, (json_list(tuple(allowed)),))


@lru_cache(maxsize=4096)
def _monday(day: str) -> date:
    parsed = date.fromisoformat(day)
    return parsed - timedelta(days=parsed.weekday())


def _filled(counted: dict[tuple[str, date], int]) -> list[WeekCount]:
    papers: Counter[date] = Counter()
    upvotes: Counter[date] = Counter()
    for (_, monday), votes in counted.items():
        papers[monday] += 1
        upvotes[monday] += votes
    if not papers:
        return []
    first, weeks = min(papers), (max(papers) - min(papers)) // _A_WEEK + 1
    mondays = (first + number * _A_WEEK for number in range(weeks))
    return [WeekCount(monday, papers[monday], upvotes[monday]) for monday in mondays]
