"""How papers, upvotes, organizations and topics are spread over weeks."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from assistant.library.filters import Filters, matching_ids, organization_key
from assistant.library.repositories.terms import abbreviated, keyword_terms, term_key, title_terms, usual_spelling
from assistant.library.sqlite.database import Database
from assistant.library.sqlite.rows import json_list

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


@dataclass(frozen=True, slots=True)
class _TermsOfPaper:
    """The terms that a paper counts for, spelling by key."""

    paper_id: str
    terms: Mapping[str, str]
    upvotes: int


@dataclass(slots=True)
class _Tally:
    """Papers and upvotes of a topic or an organization, and how often each way to write it occurs."""

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
        """`weeks` of `papers_with_words`."""
        return self._weeks(filters, frozenset(self.papers_with_words(words, filters)))

    def papers_with_words(self, words: str, filters: Filters = _ALL) -> tuple[str, ...]:
        """The ids of the papers that have every one of the words in title, abstract or keywords, in any case.

        A word stands for itself and its plural, not for a part of another one ("rag" is not in "storage").
        """
        word_forms = [_WordForms.of(word) for word in _WORD.findall(words.casefold())]
        if not word_forms:
            return ()
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            texts = connection.execute(
                f"SELECT paper_id, title || ' ' || abstract || ' ' || keywords FROM papers WHERE {among}",  # noqa: S608
                parameters,
            ).fetchall()
        return tuple(paper_id for paper_id, text in texts if _has_words(text.casefold(), word_forms))

    def organizations(self, filters: Filters = _ALL, limit: int = 20) -> list[tuple[str, int, int]]:
        """Name, papers and upvotes of the organizations with most papers.

        Names that differ in case and signs are one organization, under the spelling of most papers.
        """
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            spelled = connection.execute(
                "SELECT organization, count(*), sum(coalesce(upvotes, 0)) FROM papers"  # noqa: S608
                f" WHERE organization <> '' AND {among} GROUP BY organization ORDER BY organization",
                parameters,
            ).fetchall()
        tallies: dict[str, _Tally] = {}
        for name, papers, upvotes in spelled:
            tally = tallies.setdefault(organization_key(name), _Tally())
            tally.papers += papers
            tally.upvotes += upvotes
            tally.spellings[name] += papers
        named = [(tally.spellings.most_common(1)[0][0], tally.papers, tally.upvotes) for tally in tallies.values()]
        return sorted(named, key=lambda counted: (-counted[1], -counted[2], counted[0]))[:limit]

    def topics(self, filters: Filters = _ALL, limit: int = 30) -> list[tuple[str, int, int]]:
        """Name, papers and upvotes of the topics with most papers, in lower case.

        Topics are the feed's keywords; where it gave them to less than half of the papers, words and pairs of words
        of titles. Singular and plural are one topic, under the spelling that occurs most.
        """
        return _counted(self._terms(filters))[:limit]

    def papers_of_topics(self, topics: Collection[str], filters: Filters = _ALL) -> dict[str, tuple[str, ...]]:
        """The ids of the papers that `topics` counts under each of these names, or under another spelling of them."""
        papers = self._terms(filters)
        meant = _meant_acronyms(papers)
        members: dict[str, list[str]] = {}
        for paper in papers:
            for key in {meant.get(key, key) for key in paper.terms}:
                members.setdefault(key, []).append(paper.paper_id)
        keys = {topic: term_key(topic) for topic in topics}
        return {topic: tuple(members.get(meant.get(key, key), ())) for topic, key in keys.items()}

    def topics_are_keywords(self, filters: Filters = _ALL) -> bool:
        """Whether topics are the feed's keywords, which cannot be compared with words of titles."""
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            papers, with_keywords = connection.execute(
                f"SELECT count(*), coalesce(sum(keywords <> '[]'), 0) FROM papers WHERE {among}",  # noqa: S608
                parameters,
            ).fetchone()
        return _enough(with_keywords, papers)

    def _terms(self, filters: Filters) -> list[_TermsOfPaper]:
        with self._database.reading() as connection:
            among, parameters = _among(matching_ids(connection, filters))
            papers = connection.execute(
                f"SELECT paper_id, title, keywords, coalesce(upvotes, 0) FROM papers WHERE {among}",  # noqa: S608
                parameters,
            ).fetchall()
        by_keywords = _enough(sum(keywords != "[]" for _, _, keywords, _ in papers), len(papers))
        return [
            _TermsOfPaper(paper_id, keyword_terms(json.loads(keywords)) if by_keywords else title_terms(title), upvotes)
            for paper_id, title, keywords, upvotes in papers
        ]

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
class _WordForms:
    """A word to look for: its singular, which is looked for first because that is fast, and the pattern of both."""

    singular: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> "_WordForms":
        singular = word[:-1] if len(word) > _SHORTEST_TERM and word.endswith("s") and word[-2] != "s" else word
        return cls(singular, re.compile(rf"(?<![^\W_]){re.escape(singular)}(?:e?s)?(?![^\W_])"))


def _has_words(text: str, word_forms: Iterable[_WordForms]) -> bool:
    return all(word.singular in text and word.pattern.search(text) for word in word_forms)


def _enough(with_keywords: int, papers: int) -> bool:
    """Whether the feed gave keywords to so many of the papers that their topics are these."""
    return with_keywords * 2 >= papers


def _meant_acronyms(papers: Iterable[_TermsOfPaper]) -> dict[str, str]:
    return abbreviated(Counter(key for paper in papers for key in paper.terms))


def _counted(papers: Sequence[_TermsOfPaper]) -> list[tuple[str, int, int]]:
    """Spelling, papers and upvotes of the terms in the papers, those of most papers first.

    Acronyms count as what they stand for. A word that stands mostly inside a longer term that is counted itself is
    left out.
    """
    meant = _meant_acronyms(papers)
    tallies: dict[str, _Tally] = {}
    for paper in papers:
        for key in {meant.get(key, key) for key in paper.terms}:
            tally = tallies.setdefault(key, _Tally())
            tally.papers += 1
            tally.upvotes += paper.upvotes
        for key, spelling in paper.terms.items():
            tallies[meant.get(key, key)].spellings[spelling] += 1
    inside = _most_inside(tallies)
    leading = sorted(tallies.items(), key=lambda entry: (-entry[1].papers, -entry[1].upvotes, entry[0]))
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
