"""Calendar arithmetic of date phrases: units, spans of days, parts of a span."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """A unit of the calendar. Weeks start on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive days, ``first`` and ``last`` included.

    ``since`` and ``until`` are where it begins and ends for "since …", "after …" and "before …", "until …" when
    that is not ``first`` and ``last``: "since the end of June" begins on June 30, "before mid-2025" ends on June 30.
    """

    first: date
    last: date
    since: date | None = None
    until: date | None = None

    @property
    def begins(self) -> date:
        """The day that "since" this span means."""
        return self.since or self.first

    @property
    def ends(self) -> date:
        """The day that "until" this span means."""
        return self.until or self.last


Resolve = Callable[[date], Span | None]
"""The span for a reference day; one without a year is its latest occurrence that begins by that day."""


def fixed(span: Span | None) -> Resolve:
    """A span that needs no reference day."""
    return lambda _latest: span


def yearly(of_year: Callable[[int], Span | None]) -> Resolve:
    """A span that every year has: its latest occurrence that begins by the reference day."""

    def resolve(latest: date) -> Span | None:
        for year in range(latest.year, latest.year - 5, -1):  # 29 February comes every four years
            span = of_year(year)
            if span and span.first <= latest:
                return span
        return None

    return resolve


def day(year: int, month: int, number: int) -> Span | None:
    """One day; None when the calendar does not have it."""
    try:
        only = date(year, month, number)
    except ValueError:
        return None
    return Span(only, only)


def month(year: int, number: int) -> Span:
    """A month of a year."""
    return Span(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))


def months(year: int, first: int, count: int) -> Span:
    """``count`` months from the first one of the year; they may run into the next year."""
    last = plus_months(date(year, first, 1), count) - ONE_DAY
    return Span(date(year, first, 1), last)


def iso_week(year: int, number: int) -> Span | None:
    """An ISO week; None when the year does not have it."""
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return Span(monday, monday + 6 * ONE_DAY)


def unit_of(unit: Unit, on: date) -> Span:
    """The unit of the calendar that holds a day."""
    match unit:
        case Unit.DAY:
            return Span(on, on)
        case Unit.WEEK:
            monday = on - on.weekday() * ONE_DAY
            return Span(monday, monday + 6 * ONE_DAY)
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            size = _MONTHS[unit]
            return months(on.year, (on.month - 1) // size * size + 1, size)


def back(on: date, count: int, unit: Unit) -> date:
    """The day ``count`` units earlier; a day that the earlier month does not have becomes its last."""
    match unit:
        case Unit.DAY:
            return on - count * ONE_DAY
        case Unit.WEEK:
            return on - 7 * count * ONE_DAY
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            return plus_months(on, -count * _MONTHS[unit])


def rolling(today: date, count: int, unit: Unit) -> Span:
    """The last ``count`` units up to today: days and weeks count today, months begin on today's day of the month."""
    match unit:
        case Unit.DAY | Unit.WEEK:
            return Span(back(today, count, unit) + ONE_DAY, today)
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            return Span(back(today, count, unit), today)


def previous(today: date, unit: Unit) -> Span:
    """The calendar unit before the one of today."""
    return unit_of(unit, unit_of(unit, today).first - ONE_DAY)


def part(whole: Span, index: int, of: int) -> Span:
    """Part ``index`` (from 0) of a span in ``of`` equal parts: whole months where it has as many."""
    count = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month + 1
    if whole.first.day == 1 and whole.last == plus_months(whole.first, count) - ONE_DAY and count % of == 0:
        size = count // of
        first = plus_months(whole.first, index * size)
        return Span(first, plus_months(first, size) - ONE_DAY)
    length = (whole.last - whole.first).days + 1
    first = whole.first + index * length // of * ONE_DAY
    return Span(first, max(first, whole.first + (index + 1) * length // of * ONE_DAY - ONE_DAY))


def plus_months(on: date, count: int) -> date:
    """The same day of another month, or that month's last day."""
    index = on.year * 12 + on.month - 1 + count
    year, number = min(max(index // 12, 1), 9998), index % 12 + 1
    return date(year, number, min(on.day, calendar.monthrange(year, number)[1]))
