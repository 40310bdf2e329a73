"""The periods a list of papers is browsed by: a day, an ISO week, a month, everything, or filters made elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assistant.errors import UsageError
from assistant.library import Filters
from assistant.periods import Period, PeriodKind, explain_empty_day, parse_period


@dataclass(frozen=True, slots=True)
class BrowsePeriod:
    """What is browsed, and how it is called: "2026-08-21", "2026-W34", "2026-08", "All days".

    Filters that another page made are of the kind `PeriodKind.CUSTOM`.
    """

    kind: PeriodKind
    filters: Filters
    label: str


EVERYTHING = BrowsePeriod(PeriodKind.ALL, Filters(), "All days")
"""Every paper of the library."""
_CALENDAR_KINDS = (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH)


def period_at(kind: PeriodKind, day: date) -> BrowsePeriod:
    """The day, week (Monday to Sunday) or month that holds ``day``; everything for the other kinds."""
    return _browsed(Period.containing(day, kind)) if kind in _CALENDAR_KINDS else EVERYTHING


def neighbour(days: Sequence[date], period: BrowsePeriod, step: int) -> BrowsePeriod | None:
    """The next period with papers after (``step`` 1) or before (-1) this one; None when there is none.

    ``days`` are those with papers. Filters made elsewhere lead to days.
    """
    filters = period.filters
    if period.kind is PeriodKind.ALL or filters.since is None or filters.until is None:
        return None
    browsed = Period(filters.since, filters.until, period.kind)
    nearest = browsed.next(days) if step > 0 else browsed.previous(days)
    return _browsed(nearest) if nearest else None


def named_period(text: str, today: date) -> BrowsePeriod:
    """The period that the reader names: "2026-08-21", "2026-W34", "2026-08", "all". Raises `UsageError`."""
    text = text.strip()
    if text.casefold() == "all":
        return EVERYTHING
    if not text:
        example = f"{today.isoformat()}, {period_at(PeriodKind.WEEK, today).label}, {today:%Y-%m} or all"
        raise UsageError("No period is named.", f"Type one such as {example}.")
    period = parse_period(text, today)
    return period_at(period.kind, period.last)


def chosen_period(filters: Filters, label: str) -> BrowsePeriod:
    """Filters made elsewhere as a period: a day, week or month when they are exactly that."""
    if filters.is_empty:
        return EVERYTHING
    if filters.since is not None:
        for kind in _CALENDAR_KINDS:
            period = period_at(kind, filters.since)
            if period.filters == filters:
                return period
    return BrowsePeriod(PeriodKind.CUSTOM, filters, label)


def _browsed(period: Period) -> BrowsePeriod:
    return BrowsePeriod(period.kind, Filters(period.first, period.last), period.label)


def explain_empty(period: BrowsePeriod, now: datetime) -> str:
    """Why a period has no papers, in one line."""
    if period.kind is PeriodKind.DAY and period.filters.since is not None:
        return explain_empty_day(period.filters.since, now)
    return f"No papers in {period.label}." if period.kind is not PeriodKind.ALL else "The library has no papers."
