"""Which days a report on trends covers, and with which days before them it compares."""

from dataclasses import replace
from datetime import date, timedelta

from assistant.errors import NothingFound, UsageError
from assistant.library.filters import Filters
from assistant.library.library import Library
from assistant.reports.trends.report import Compared, monday_of

_A_WEEK = timedelta(days=7)
_SIX_DAYS = timedelta(days=6)


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
