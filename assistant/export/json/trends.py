"""Trends as other programs read them."""

from collections.abc import Sequence

from assistant.export.json.base import Published
from assistant.library import Filters, WeekCount
from assistant.reports.trends import (
    Counts,
    NameCount,
    SubjectKind,
    TrendLine,
    TrendMeasure,
    TrendReport,
    most_first,
    rising,
    week_name,
)


class DaysJson(Published):
    """Days, both included."""

    first: str | None
    last: str | None


class CountsJson(Published):
    """Papers and their upvotes."""

    papers: int
    upvotes: int


class WeekJson(CountsJson):
    """The counts of a week."""

    week: str
    """The ISO week: 2026-W34."""
    first_day: str
    """Its Monday."""


class NameCountsJson(CountsJson):
    """The counts of all papers, a topic or an organization."""

    name: str
    before: CountsJson | None
    """The counts of the period before; null when they are not known."""


class TrendLineJson(NameCountsJson):
    """The counts of what was asked for, by week."""

    kind: SubjectKind
    weeks: list[WeekJson]


class TrendsJson(Published):
    """Papers, upvotes, topics and organizations over weeks."""

    days: DaysJson
    compared_with: DaysJson | None
    """The days before, on the same weekdays; null when the library does not hold them whole."""
    by: TrendMeasure
    """What names are ordered by."""
    total: NameCountsJson
    weeks: list[WeekJson]
    lines: list[TrendLineJson]
    """The topics or organizations that were asked for."""
    topics: list[NameCountsJson]
    organizations: list[NameCountsJson]
    rising_topics: list[NameCountsJson]
    """Those with more papers than before that growth of all papers and chance do not explain, the surest first."""
    rising_organizations: list[NameCountsJson]


def trends_json(report: TrendReport, measure: TrendMeasure, limit: int) -> TrendsJson:
    """The object of `trends`, with so many topics and organizations."""
    return {
        "days": _days_json(report.filters),
        "compared_with": _days_json(report.before) if report.before else None,
        "by": measure,
        "total": _named_json(report.total),
        "weeks": [_week_json(week) for week in report.weeks],
        "lines": [_line_json(line) for line in report.lines],
        "topics": _all_named(report.topics, measure, limit),
        "organizations": _all_named(report.organizations, measure, limit),
        "rising_topics": [_named_json(count) for count in rising(report.topics, report.total)],
        "rising_organizations": [_named_json(count) for count in rising(report.organizations, report.total)],
    }


def _all_named(counts: Sequence[NameCount], measure: TrendMeasure, limit: int) -> list[NameCountsJson]:
    return [_named_json(count) for count in most_first(counts, measure)[:limit]]


def _days_json(days: Filters) -> DaysJson:
    return {
        "first": days.since.isoformat() if days.since else None,
        "last": days.until.isoformat() if days.until else None,
    }


def _counts_json(counts: Counts) -> CountsJson:
    return {"papers": counts.papers, "upvotes": counts.upvotes}


def _week_json(week: WeekCount) -> WeekJson:
    return {
        "week": week_name(week.first_day),
        "first_day": week.first_day.isoformat(),
        "papers": week.papers,
        "upvotes": week.upvotes,
    }


def _named_json(count: NameCount) -> NameCountsJson:
    before = _counts_json(count.before) if count.before else None
    return {"name": count.name, **_counts_json(count.now), "before": before}


def _line_json(line: TrendLine) -> TrendLineJson:
    return {
        **_named_json(line.total),
        "kind": line.subject.kind,
        "weeks": [_week_json(week) for week in line.weeks],
    }
