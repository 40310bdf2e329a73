"""Periods of Daily Papers: days, ISO weeks and months, read, named and followed; and why a day may be empty.

All days are UTC.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assistant.errors import UsageError
from assistant.text import quoted

FIRST_DAY = date(2023, 5, 4)
"""The first day of the Daily Papers archive."""

_SATURDAY = 5
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


_ONE_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a period is; `ALL` is every day there is, `CUSTOM` any other run of days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Period:
    """Consecutive days, ``first`` and ``last`` included; a week or month may be cut to the archive and to today.

    ``name`` is how one is called that is no day, week or month ("new since 2026-08-20").
    """

    first: date
    last: date
    kind: PeriodKind = PeriodKind.CUSTOM
    name: str = ""

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> "Period":
        """The day, week (Monday to Sunday) or month that holds ``day``; the day itself for the other kinds."""
        match kind:
            case PeriodKind.WEEK:
                monday = day - timedelta(days=day.weekday())
                sunday = date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
                return cls(monday, sunday, kind)
            case PeriodKind.MONTH:
                last = calendar.monthrange(day.year, day.month)[1]
                return cls(day.replace(day=1), day.replace(day=last), kind)
            case PeriodKind.DAY | PeriodKind.ALL | PeriodKind.CUSTOM:
                return cls(day, day, PeriodKind.DAY)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the period, in order."""
        return tuple(self.first + offset * _ONE_DAY for offset in range((self.last - self.first).days + 1))

    @property
    def label(self) -> str:
        """How it is called: "2026-08-21", "2026-W34", "2026-08", its own name, or its first and last day."""
        if self.name:
            return self.name
        match self.kind:
            case PeriodKind.DAY:
                return self.first.isoformat()
            case PeriodKind.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year}-W{week:02}"
            case PeriodKind.MONTH:
                return self.first.isoformat()[:7]
            case PeriodKind.ALL | PeriodKind.CUSTOM:
                return f"{self.first.isoformat()} to {self.last.isoformat()}"

    def previous(self, days: Iterable[date]) -> "Period | None":
        """The nearest period of the same kind before this one that has one of the days; None when there is none."""
        nearest = max((day for day in days if day < self.first), default=None)
        return Period.containing(nearest, self.kind) if nearest else None

    def next(self, days: Iterable[date]) -> "Period | None":
        """The nearest period of the same kind after this one that has one of the days; None when there is none."""
        whole = self if self.kind is PeriodKind.CUSTOM else Period.containing(self.first, self.kind)
        nearest = min((day for day in days if day > whole.last), default=None)
        return Period.containing(nearest, self.kind) if nearest else None


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``since`` to ``until``, both included; None is an open end."""

    since: date | None
    until: date | None

    @property
    def label(self) -> str:
        """For the reader: "2025-03-01 to 2026-08-21", "before 2025-01-01", "2025-05-03"."""
        if self.since is None:
            return f"before {self.until + _ONE_DAY}" if self.until else "any day"
        if self.since == self.until:
            return str(self.since)
        return f"{self.since} to {self.until}" if self.until else f"since {self.since}"


def parse_period(text: str, today: date) -> Period:
    """The period that a reader names in one text: 2026-08-21, 2026-W34 or 2026-08. Raises `UsageError`."""
    text = text.strip()
    if "w" in text.casefold():
        return parse_week(text, today)
    return parse_month(text, today) if _MONTH.fullmatch(text) else Period.containing(parse_day(text), PeriodKind.DAY)


def parse_day(text: str) -> date:
    """A day written as ``2026-08-21``. Raises `UsageError`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day.", "Give year, month and day, such as 2026-08-21.") from error


def parse_week(text: str, today: date) -> Period:
    """The days of an ISO week such as ``2025-W09``, Monday to Sunday, cut to the archive and to today.

    Raises:
        UsageError: another form, a week that the year does not have, the future, or before the archive.
    """
    form = f"give a year and an ISO week, such as {today.isocalendar().year}-W09"
    match = _WEEK.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{quoted(text)} is not a week", form)
    year, week = int(match[1]), int(match[2])
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise UsageError(f"{quoted(text)} is not a week that {year} has", form) from error
    return _cut(Period.containing(monday, PeriodKind.WEEK), text, today)


def parse_month(text: str, today: date) -> Period:
    """The days of a month such as ``2025-02``, cut to the archive and to today.

    Raises:
        UsageError: another form, the future, or before the archive.
    """
    form = f"give a year and a month, such as {today:%Y}-02"
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{quoted(text)} is not a month", form)
    year, month = int(match[1]), int(match[2])
    try:
        first = date(year, month, 1)
    except ValueError as error:
        raise UsageError(f"{quoted(text)} is not a month of the calendar", form) from error
    return _cut(Period.containing(first, PeriodKind.MONTH), text, today)


def may_have_papers(day: date, today: date) -> bool:
    """Whether papers can have been listed on a day: a weekday of the archive that is not to come."""
    return FIRST_DAY <= day <= today and day.weekday() < _SATURDAY


def explain_empty_day(day: date, now: datetime) -> str:
    """One sentence for the reader: why a day has no papers. ``now`` is the present moment, in UTC."""
    name = f"{day:%A}, {day.isoformat()}"
    today = now.date()
    if day > today:
        return f"{name} is in the future: days are counted in UTC, where it is {now:%Y-%m-%d %H:%M} now."
    if day < FIRST_DAY:
        return f"{name} is before the archive of Daily Papers, which starts on {FIRST_DAY.isoformat()}."
    if day.weekday() >= _SATURDAY:
        return f"{name} is a weekend: papers are listed on weekdays."
    if day == today:
        return f"The papers of today ({name}) are not listed yet; it is {now:%H:%M} UTC and they come during the day."
    return f"Nothing was listed on {name}."


def _cut(period: Period, text: str, today: date) -> Period:
    if period.first > today:
        raise UsageError(f"{quoted(text)} is in the future", f"today is {today.isoformat()} (UTC)")
    if period.last < FIRST_DAY:
        raise UsageError(f"{quoted(text)} is before the archive", f"the first day is {FIRST_DAY.isoformat()}")
    return Period(max(period.first, FIRST_DAY), min(period.last, today), period.kind)
