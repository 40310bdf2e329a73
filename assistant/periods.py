"""Days of Daily Papers: which there are, what a week or month holds, and why a day may be empty. All days are UTC."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.errors import UsageError
from assistant.text import quoted

FIRST_DAY = date(2023, 5, 4)
"""The first day of the Daily Papers archive."""

_SATURDAY = 5
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Period:
    """Consecutive days, ``first`` and ``last`` included."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the period, in order."""
        return tuple(self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1))


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
    matched = _WEEK.fullmatch(text.strip())
    if matched is None:
        raise UsageError(f"{quoted(text)} is not a week", form)
    year, week = int(matched[1]), int(matched[2])
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise UsageError(f"{quoted(text)} is not a week that {year} has", form) from error
    return _cut(Period(monday, monday + timedelta(days=6)), text, today)


def parse_month(text: str, today: date) -> Period:
    """The days of a month such as ``2025-02``, cut to the archive and to today.

    Raises:
        UsageError: another form, the future, or before the archive.
    """
    form = f"give a year and a month, such as {today:%Y}-02"
    matched = _MONTH.fullmatch(text.strip())
    if matched is None:
        raise UsageError(f"{quoted(text)} is not a month", form)
    year, month = int(matched[1]), int(matched[2])
    try:
        first = date(year, month, 1)
    except ValueError as error:
        raise UsageError(f"{quoted(text)} is not a month of the calendar", form) from error
    return _cut(Period(first, date(year, month, calendar.monthrange(year, month)[1])), text, today)


def may_have_papers(day: date, today: date) -> bool:
    """Whether papers can have been listed on a day: a weekday of the archive that is not to come."""
    return FIRST_DAY <= day <= today and day.weekday() < _SATURDAY


def explain_empty_day(day: date, now: datetime) -> str:
    """One sentence for the reader: why a day has no papers. ``now`` is the present moment, in UTC."""
    shown = f"{day:%A}, {day.isoformat()}"
    today = now.date()
    if day > today:
        return f"{shown} is in the future: days are counted in UTC, where it is {now:%Y-%m-%d %H:%M} now."
    if day < FIRST_DAY:
        return f"{shown} is before the archive of Daily Papers, which starts on {FIRST_DAY.isoformat()}."
    if day.weekday() >= _SATURDAY:
        return f"{shown} is a weekend: papers are listed on weekdays."
    if day == today:
        return f"The papers of today ({shown}) are not listed yet; it is {now:%H:%M} UTC and they come during the day."
    return f"Nothing was listed on {shown}."


def _cut(period: Period, text: str, today: date) -> Period:
    if period.first > today:
        raise UsageError(f"{quoted(text)} is in the future", f"today is {today.isoformat()} (UTC)")
    if period.last < FIRST_DAY:
        raise UsageError(f"{quoted(text)} is before the archive", f"the first day is {FIRST_DAY.isoformat()}")
    return Period(max(period.first, FIRST_DAY), min(period.last, today))
