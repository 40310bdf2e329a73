"""What the page shows: counts over a range of weeks, with the period before it to compare with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.library.terms import abbreviated, term_key
from assistant.library.trends import WeekCount

RANGES: tuple[int | None, ...] = (12, 26, 52, None)
"""The ranges to choose from, in weeks up to the newest one; None is everything."""

_SIX_DAYS = timedelta(days=6)
_EVERY = 1_000_000
_SHOWN = 40


class Measure(StrEnum):
    """What is counted."""

    PAPERS = "papers"
    UPVOTES = "upvotes"

    def of(self, week: WeekCount) -> int:
        """The count of a week."""
        return week.papers if self is Measure.PAPERS else week.upvotes


class Kind(StrEnum):
    """What a name means: a topic of the table, words that papers contain, or who wrote them."""

    TOPIC = "topic"
    WORDS = "words"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something whose papers are counted by week and drawn as a line."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of a subject over the weeks of a report."""

    subject: Subject
    weeks: tuple[WeekCount, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers and their upvotes."""

    papers: int
    upvotes: int

    def of(self, measure: Measure) -> int:
        """One of the two."""
        return self.papers if measure is Measure.PAPERS else self.upvotes


@dataclass(frozen=True, slots=True)
class NameCount:
    """The counts of a topic or an organization, and those of the period before, if they are known."""

    name: str
    now: Counts
    before: Counts | None = None

    def change(self, measure: Measure) -> str:
        """The change in signs: "+3", "−2", "=", "new" after a period without papers; "–" when that is not known."""
        if self.before is None:
            return "–"
        if self.before.papers == 0:
            return "new"
        difference = self.now.of(measure) - self.before.of(measure)
        return f"{difference:+,d}".replace("-", "−") if difference else "="


@dataclass(frozen=True, slots=True)
class Report:
    """The counts of a range; ``filters`` are its days, empty when the range is everything."""

    filters: Filters
    weeks: tuple[WeekCount, ...] = ()
    lines: tuple[Line, ...] = ()
    topics: tuple[NameCount, ...] = ()
    organizations: tuple[NameCount, ...] = ()

    @property
    def span(self) -> str:
        """First and last day of the weeks."""
        if not self.weeks:
            return ""
        return f"{self.weeks[0].first_day.isoformat()} to {(self.weeks[-1].first_day + _SIX_DAYS).isoformat()}"


def read_report(library: Library, weeks: int | None, subjects: Sequence[Subject], today: date) -> Report:
    """Count over the last ``weeks`` weeks that have papers; a date after ``today`` is a mistake of a feed."""
    known = [week for week in library.trends.weeks() if week.first_day <= today]
    if not known:
        return Report(Filters())
    shown = known[-weeks:] if weeks else known
    filters = days_of(shown[0].first_day, shown[-1].first_day) if weeks else Filters()
    before = None
    if weeks and len(known) >= 2 * weeks:
        before = days_of(known[-2 * weeks].first_day, known[-weeks - 1].first_day)
    lines = _lines(library, subjects, filters, shown)
    return Report(
        filters, tuple(shown), lines, _topics(library, filters, before), _organizations(library, filters, before)
    )


def days_of(first_week: date, last_week: date) -> Filters:
    """The days from one week's Monday to the other week's Sunday."""
    return Filters(since=first_week, until=last_week + _SIX_DAYS)


def week_name(monday: date) -> str:
    """The ISO week: "2026-W34"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def papers_of(library: Library, subject: Subject, filters: Filters) -> tuple[str, ...]:
    """The ids of the papers behind a topic or typed words: those that the tables and the lines count."""
    if subject.kind is Kind.WORDS:
        return library.trends.papers_with_words(subject.name, filters)
    return library.trends.papers_of_topics((subject.name,), filters)[subject.name]


def _lines(
    library: Library, subjects: Sequence[Subject], filters: Filters, shown: Sequence[WeekCount]
) -> tuple[Line, ...]:
    topics = tuple(subject.name for subject in subjects if subject.kind is Kind.TOPIC)
    members = library.trends.papers_of_topics(topics, filters) if topics else {}
    lines = []
    for subject in subjects:
        counted = _weeks(library, subject, filters, members.get(subject.name, ()))
        by_day = {week.first_day: week for week in counted}
        lines.append(Line(subject, tuple(by_day.get(week.first_day, _no_papers(week)) for week in shown)))
    return tuple(lines)


def _weeks(library: Library, subject: Subject, filters: Filters, members: tuple[str, ...]) -> list[WeekCount]:
    match subject.kind:
        case Kind.WORDS:
            return library.trends.weeks_of_topic(subject.name, filters)
        case Kind.ORGANIZATION:
            return library.trends.weeks(replace(filters, organizations=(subject.name,)))
        case Kind.TOPIC:
            return library.trends.weeks(replace(filters, paper_ids=members)) if members else []
        case _:
            assert_never(subject.kind)


def _no_papers(week: WeekCount) -> WeekCount:
    return WeekCount(week.first_day, 0, 0)


def _organizations(library: Library, filters: Filters, before: Filters | None) -> tuple[NameCount, ...]:
    earlier: dict[str, Counts] = {}
    if before is not None:
        earlier = _named(library.trends.organizations(before, _EVERY))
    now = _named(library.trends.organizations(filters, _SHOWN))
    nobody = Counts(0, 0) if earlier else None  # a feed without organizations says nothing about any of them
    return tuple(NameCount(name, counts, earlier.get(name, nobody)) for name, counts in now.items())


def _topics(library: Library, filters: Filters, before: Filters | None) -> tuple[NameCount, ...]:
    now = _named(library.trends.topics(filters, _SHOWN))
    if before is None or library.trends.topics_are_keywords(filters) != library.trends.topics_are_keywords(before):
        return tuple(NameCount(name, counts) for name, counts in now.items())
    earlier = _named(library.trends.topics(before, _EVERY))
    keys = {name: term_key(name) for name in (*now, *earlier)}
    meant = abbreviated({keys[name]: counts.papers for name, counts in (now | earlier).items()})
    known = {meant.get(keys[name], keys[name]): counts for name, counts in reversed(earlier.items())}
    return tuple(
        NameCount(name, counts, known.get(meant.get(keys[name], keys[name]), Counts(0, 0) if " " in name else None))
        for name, counts in now.items()
    )


def _named(counted: Iterable[tuple[str, int, int]]) -> dict[str, Counts]:
    return {name: Counts(papers, upvotes) for name, papers, upvotes in counted}
