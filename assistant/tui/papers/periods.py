"""The periods a list of papers is browsed by: a day, an ISO week, a month, everything, or filters made elsewhere."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assistant.errors import UsageError
from assistant.library import Filters
from assistant.periods import explain_empty_day
from assistant.reports.digest import period_of


class Span(StrEnum):
    """How long a period is; `CHOSEN` are filters that another page made."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class BrowsePeriod:
    """What is browsed, and how it is called: "2026-08-21", "2026-W34", "2026-08", "All days"."""

    span: Span
    filters: Filters
    label: str


EVERYTHING = BrowsePeriod(Span.ALL, Filters(), "All days")
"""Every paper of the library."""


def period_at(span: Span, day: date) -> BrowsePeriod:
    """The day, week (Monday to Sunday) or month that holds ``day``; everything for the other spans."""
    match span:
        case Span.DAY:
            return BrowsePeriod(span, Filters(day, day), day.isoformat())
        case Span.WEEK:
            monday = day - timedelta(days=day.weekday())
            sunday = date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
            year, week, _ = day.isocalendar()
            return BrowsePeriod(span, Filters(monday, sunday), f"{year}-W{week:02}")
        case Span.MONTH:
            last = day.replace(day=monthrange(day.year, day.month)[1])
            return BrowsePeriod(span, Filters(day.replace(day=1), last), day.isoformat()[:7])
        case Span.ALL | Span.CHOSEN:
            return EVERYTHING


def neighbour(days: Sequence[date], period: BrowsePeriod, step: int) -> BrowsePeriod | None:
    """The next period with papers after (``step`` 1) or before (-1) this one; None when there is none.

    ``days`` are those with papers, oldest first. Filters made elsewhere lead to days.
    """
    filters = period.filters
    if period.span is Span.ALL or filters.since is None or filters.until is None:
        return None
    span = Span.DAY if period.span is Span.CHOSEN else period.span
    place = bisect_right(days, filters.until) if step > 0 else bisect_left(days, filters.since) - 1
    return period_at(span, days[place]) if 0 <= place < len(days) else None


def named_period(text: str, today: date) -> BrowsePeriod:
    """The period that the reader names: "2026-08-21", "2026-W34", "2026-08", "all". Raises `UsageError`."""
    text = text.strip()
    if text.casefold() == "all":
        return EVERYTHING
    if "w" in text.casefold():
        span, found = Span.WEEK, period_of(None, text, None, today)
    elif text.count("-") == 1:
        span, found = Span.MONTH, period_of(None, None, text, today)
    elif text:
        span, found = Span.DAY, period_of(text, None, None, today)
    else:
        found = None
    if found is None:
        example = f"{today.isoformat()}, {period_at(Span.WEEK, today).label}, {today:%Y-%m} or all"
        raise UsageError("No period is named.", f"Type one such as {example}.")
    return period_at(span, found.last)


def chosen_period(filters: Filters, label: str) -> BrowsePeriod:
    """Filters made elsewhere as a period: a day, week or month when they are exactly that."""
    if filters.is_empty:
        return EVERYTHING
    if filters.since is not None:
        for span in (Span.DAY, Span.WEEK, Span.MONTH):
            period = period_at(span, filters.since)
            if period.filters == filters:
                return period
    return BrowsePeriod(Span.CHOSEN, filters, label)


def explain_empty(period: BrowsePeriod, now: datetime) -> str:
    """Why a period has no papers, in one line."""
    if period.span is Span.DAY and period.filters.since is not None:
        return explain_empty_day(period.filters.since, now)
    return f"No papers in {period.label}." if period.span is not Span.ALL else "The library has no papers."
