"""Counts over a range of weeks, with the period before it to compare with: what every front end shows of trends."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from assistant.errors import NothingFound, UsageError
from assistant.library import Filters, Library, WeekCount, abbreviated, organization_key, term_key
from assistant.text import nearest_names

RANGES: tuple[int | None, ...] = (12, 26, 52, None)
"""The ranges to choose from, in weeks up to the newest one; None is everything."""

_A_WEEK = timedelta(days=7)
_SIX_DAYS = timedelta(days=6)
_EVERY = 1_000_000
_SHOWN = 40
_RISING = 5
_SURE = 2.0
_ALIKE = 0.6
_SHORT_WORD = 3


class TrendMeasure(StrEnum):
    """What is counted."""

    PAPERS = "papers"
    UPVOTES = "upvotes"

    def of(self, week: WeekCount) -> int:
        """The count of a week."""
        return week.papers if self is TrendMeasure.PAPERS else week.upvotes


class SubjectKind(StrEnum):
    """What a name means: a topic of the table, words that papers contain, or who wrote them."""

    TOPIC = "topic"
    WORDS = "words"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something whose papers are counted by week and drawn as a line."""

    kind: SubjectKind
    name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Papers and their upvotes."""

    papers: int
    upvotes: int

    def of(self, measure: TrendMeasure) -> int:
        """One of the two."""
        return self.papers if measure is TrendMeasure.PAPERS else self.upvotes


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The counts of a subject over the weeks of a report, and those of the period before, if they are known."""

    subject: Subject
    weeks: tuple[WeekCount, ...]
    before: Counts | None = None

    @property
    def total(self) -> "NameCount":
        """All its weeks together; a paper of two weeks counts in both."""
        return NameCount(self.subject.name, counts_of(self.weeks), self.before)


@dataclass(frozen=True, slots=True)
class NameCount:
    """The counts of a topic or an organization, and those of the period before, if they are known."""

    name: str
    now: Counts
    before: Counts | None = None

    def change(self, measure: TrendMeasure) -> str:
        """The change in signs: "+3", "−2", "=", "new" after a period without papers; "–" when that is not known."""
        if self.before is None:
            return "–"
        if self.before.papers == 0:
            return "new"
        difference = self.now.of(measure) - self.before.of(measure)
        return f"{difference:+,d}".replace("-", "−") if difference else "="


@dataclass(frozen=True, slots=True)
class Compared:
    """Which papers are counted, and those of the period before, None when there is none to compare with."""

    filters: Filters
    before: Filters | None = None


@dataclass(frozen=True, slots=True)
class TrendReport:
    """The counts of a range; ``filters`` are its days, empty when the range is everything.

    ``before`` are the days it is compared with, None when the library does not hold them whole. ``total_before`` are
    all papers of these.
    """

    filters: Filters
    weeks: tuple[WeekCount, ...] = ()
    lines: tuple[TrendLine, ...] = ()
    topics: tuple[NameCount, ...] = ()
    organizations: tuple[NameCount, ...] = ()
    before: Filters | None = None
    total_before: Counts | None = None

    @property
    def total(self) -> NameCount:
        """All papers of its weeks together; a paper of two weeks counts in both."""
        return NameCount("all papers", counts_of(self.weeks), self.total_before)

    @property
    def span(self) -> str:
        """First and last day of the weeks."""
        if not self.weeks:
            return ""
        return f"{self.weeks[0].first_day.isoformat()} to {(self.weeks[-1].first_day + _SIX_DAYS).isoformat()}"


def read_report(library: Library, weeks: int | None, subjects: Sequence[Subject], today: date) -> TrendReport:
    """Count over the last ``weeks`` weeks that have papers; a date after ``today`` is a mistake of a feed."""
    past_weeks = [week for week in library.trends.weeks() if week.first_day <= today]
    if not past_weeks:
        return TrendReport(Filters())
    shown_weeks = past_weeks[-weeks:] if weeks else past_weeks
    filters = days_of(shown_weeks[0].first_day, shown_weeks[-1].first_day) if weeks else Filters()
    before = None
    if weeks and len(past_weeks) >= 2 * weeks:
        before = days_of(past_weeks[-2 * weeks].first_day, past_weeks[-weeks - 1].first_day)
    return _counted(library, subjects, Compared(filters, before), shown_weeks, _SHOWN)


def read_between(
    library: Library, days: Compared, subjects: Sequence[Subject], most_shown: int = _SHOWN
) -> TrendReport:
    """Count over days, with ``most_shown`` topics and organizations; every week of them stands in the report.

    Without a single paper the report has no weeks.
    """
    counted = library.trends.weeks(days.filters)
    if not counted:
        return TrendReport(days.filters)
    since, until = days.filters.since or counted[0].first_day, days.filters.until or counted[-1].first_day
    by_day = {week.first_day: week for week in counted}
    mondays = [monday_of(since) + number * _A_WEEK for number in range((until - monday_of(since)) // _A_WEEK + 1)]
    weeks = [by_day.get(monday, WeekCount(monday, 0, 0)) for monday in mondays]
    return _counted(library, subjects, days, weeks, most_shown)


def most_first(counts: Iterable[NameCount], measure: TrendMeasure) -> list[NameCount]:
    """Those with most papers, or upvotes, first."""
    return sorted(counts, key=lambda count: -count.now.of(measure))


def rising(counts: Iterable[NameCount], total: NameCount, limit: int = _RISING) -> tuple[NameCount, ...]:
    """What has more papers than the period before lets expect, the surest first; nothing without such a period.

    Expected are the papers of before times the growth of all papers, and one more, which may come by chance. Sure is
    what exceeds them by many times the deviation of such counts, so that neither the largest nor the rarest names
    win by their size. Upvotes do not count: one paper brings hundreds of them.
    """
    if total.before is None:
        return ()
    growth = total.now.papers / max(total.before.papers, 1)
    sure = [(_surplus(count.now.papers, growth * count.before.papers + 1), count) for count in counts if count.before]
    risen = sorted((scored for scored in sure if scored[0] >= _SURE), key=lambda scored: -scored[0])
    return tuple(count for _, count in risen[:limit])


def nearest_topics(library: Library, words: str, filters: Filters, limit: int = 3) -> tuple[str, ...]:
    """Topics that are spelled like the words, or have one of them; those of most papers first among equals."""
    topics = [name for name, _, _ in library.trends.topics(filters, _EVERY)]
    alike = nearest_names(words, topics, limit, _ALIKE)
    question_words = {word for word in words.casefold().split() if len(word) > _SHORT_WORD}
    sharing = [name for name in topics if question_words & set(name.split())]
    return tuple(dict.fromkeys([*alike, *sharing]))[:limit]


def counts_of(weeks: Iterable[WeekCount]) -> Counts:
    """The counts of weeks together."""
    every = tuple(weeks)
    return Counts(sum(week.papers for week in every), sum(week.upvotes for week in every))


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def days_of(first_week: date, last_week: date) -> Filters:
    """The days from one week's Monday to the other week's Sunday."""
    return Filters(since=first_week, until=last_week + _SIX_DAYS)


def axis_counts(highest: int, steps: int) -> tuple[int, ...]:
    """Whole numbers for an axis of counts from 0 to ``highest`` or above, 1, 2 or 5 times a power of ten apart."""
    size, step = 1, 0
    while not step:
        step = next((factor * size for factor in (1, 2, 5) if factor * size * steps >= highest), 0)
        size *= 10
    top = max(1, -(-highest // step)) * step
    return tuple(range(0, top + 1, step))


def week_name(monday: date) -> str:
    """The ISO week: "2026-W34"."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def papers_of(library: Library, subject: Subject, filters: Filters) -> tuple[str, ...]:
    """The ids of the papers behind a topic or typed words: those that the tables and the lines count."""
    if subject.kind is SubjectKind.WORDS:
        return library.trends.papers_with_words(subject.name, filters)
    return library.trends.papers_of_topics((subject.name,), filters)[subject.name]


def _counted(
    library: Library, subjects: Sequence[Subject], days: Compared, weeks: Sequence[WeekCount], most_shown: int
) -> TrendReport:
    return TrendReport(
        days.filters,
        tuple(weeks),
        _lines(library, subjects, days, weeks),
        _topics(library, days.filters, days.before, most_shown),
        _organizations(library, days.filters, days.before, most_shown),
        days.before,
        counts_of(library.trends.weeks(days.before)) if days.before else None,
    )


def _surplus(papers: int, expected: float) -> float:
    """By how many standard deviations of two chance counts the papers exceed those expected."""
    return (papers - expected) / math.sqrt(papers + expected)


def _lines(
    library: Library, subjects: Sequence[Subject], days: Compared, shown_weeks: Sequence[WeekCount]
) -> tuple[TrendLine, ...]:
    now = _weeks_of_all(library, subjects, days.filters)
    before = _weeks_of_all(library, subjects, days.before) if days.before else {}
    lines = []
    for subject in subjects:
        by_day = {week.first_day: week for week in now[subject]}
        weeks = tuple(by_day.get(week.first_day, _no_papers(week)) for week in shown_weeks)
        lines.append(TrendLine(subject, weeks, counts_of(before[subject]) if before else None))
    return tuple(lines)


def _weeks_of_all(library: Library, subjects: Sequence[Subject], filters: Filters) -> dict[Subject, list[WeekCount]]:
    topics = tuple(subject.name for subject in subjects if subject.kind is SubjectKind.TOPIC)
    members = library.trends.papers_of_topics(topics, filters) if topics else {}
    return {subject: _weeks(library, subject, filters, members.get(subject.name, ())) for subject in subjects}


def _weeks(library: Library, subject: Subject, filters: Filters, members: tuple[str, ...]) -> list[WeekCount]:
    match subject.kind:
        case SubjectKind.WORDS:
            return library.trends.weeks_of_topic(subject.name, filters)
        case SubjectKind.ORGANIZATION:
            return library.trends.weeks(replace(filters, organizations=(subject.name,)))
        case SubjectKind.TOPIC:
            return library.trends.weeks(replace(filters, paper_ids=members)) if members else []
        case _:
            assert_never(subject.kind)


def _no_papers(week: WeekCount) -> WeekCount:
    return WeekCount(week.first_day, 0, 0)


def _organizations(
    library: Library, filters: Filters, before: Filters | None, most_shown: int
) -> tuple[NameCount, ...]:
    earlier: dict[str, Counts] = {}
    if before is not None:
        earlier = _named(library.trends.organizations(before, _EVERY))
    counts_before = {organization_key(name): counts for name, counts in earlier.items()}
    now = _named(library.trends.organizations(filters, most_shown))
    nobody = Counts(0, 0) if earlier else None  # a feed without organizations says nothing about any of them
    return tuple(
        NameCount(name, counts, counts_before.get(organization_key(name), nobody)) for name, counts in now.items()
    )


def _topics(library: Library, filters: Filters, before: Filters | None, most_shown: int) -> tuple[NameCount, ...]:
    now = _named(library.trends.topics(filters, most_shown))
    if before is None or library.trends.topics_are_keywords(filters) != library.trends.topics_are_keywords(before):
        return tuple(NameCount(name, counts) for name, counts in now.items())
    earlier = _named(library.trends.topics(before, _EVERY))
    keys = {name: term_key(name) for name in (*now, *earlier)}
    meant = abbreviated({keys[name]: counts.papers for name, counts in (now | earlier).items()})
    counts_before = {meant.get(keys[name], keys[name]): counts for name, counts in reversed(earlier.items())}
    return tuple(
        NameCount(
            name, counts, counts_before.get(meant.get(keys[name], keys[name]), Counts(0, 0) if " " in name else None)
        )
        for name, counts in now.items()
    )


def _named(counted: Iterable[tuple[str, int, int]]) -> dict[str, Counts]:
    return {name: Counts(papers, upvotes) for name, papers, upvotes in counted}


def asked_days(
    library: Library, since: date | None, until: date | None, weeks: int, today: date, within: Filters
) -> Compared:
    """The days from ``since`` to ``until``, cut to those that the library has papers of.

    Without ``until`` they end with its newest papers, a date after ``today`` being a mistake of a feed; without
    ``since`` they are the last ``weeks`` weeks. ``within`` narrows the papers. Raises `NothingFound` for a library
    without papers, or none so early, and `UsageError` for days in the future or in the wrong order.
    """
    mondays = [week.first_day for week in library.trends.weeks() if week.first_day <= today]
    if not mondays:
        raise NothingFound("The library has no papers to count.", "run `assistant sync`, or `assistant sync FILE`")
    oldest, newest = mondays[0], min(mondays[-1] + _SIX_DAYS, today)
    if since and since > today:
        raise UsageError(f"The first day, {since}, is in the future.", f"Today is {today} (UTC).")
    if since and until and since > until:
        raise UsageError(f"The first day, {since}, is after the last one, {until}.", "Swap the two days.")
    last = min(until or newest, newest)
    first = max(since or monday_of(last) - (weeks - 1) * _A_WEEK, oldest)
    if first > last:
        raise NothingFound(
            f"The library has no papers of these days: it goes from {oldest} to {newest}.", "Choose days within it."
        )
    return compared(first, last, oldest, within)


def compared(first: date, last: date, oldest: date, within: Filters) -> Compared:
    """Days, and the same ones as many whole weeks earlier: the same weekdays, so that weekends weigh alike.

    There is nothing to compare with when the papers begin later than that, on ``oldest``.
    """
    back = -(-((last - first).days + 1) // _A_WEEK.days) * _A_WEEK
    before = replace(within, since=first - back, until=last - back) if oldest <= first - back else None
    return Compared(replace(within, since=first, until=last), before)
