"""The days that records of other tools tell: ISO text, RFC 822, epochs, lists of parts, months by name, years alone.

A month or a year alone gives its first day and says so, since a `Paper` has a day or none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import IntEnum

from assistant.feeds.json_values import day_of
from assistant.feeds.page_lines import MONTHS, parse_page_date

_YEARS = range(1900, 2101)
_EPOCH_SECONDS = range(631_152_000, 4_102_444_800)  # 1990 to 2100, the years that papers are from
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?:/+[A-Za-z]*)?(?:[T ].*)?", re.ASCII
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:\d{6})?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(\d{4}),?[ /-]([A-Za-z]{3,9})(?:-[A-Za-z]{3,9})?\.?(?:,?[ /-](\d{1,2}))?/*(?:[T ]\d.*)?", re.ASCII
)
_DAY_FIRST = re.compile(r"(\d{1,2})[ -](?:of )?([A-Za-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)  # where it is written, the day comes first
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_LONGEST = 200
_MONTH_AND_YEAR = re.compile(r"([A-Za-z]{3,9})\.?,? (\d{4})|(\d{4}),? ([A-Za-z]{3,9})", re.ASCII)


class Precision(IntEnum):
    """How exactly a day is known."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True)
class RecordDay:
    """A day, the first of its month or year where ``precision`` says so."""

    day: date
    precision: Precision = Precision.DAY


def record_day(value: object) -> RecordDay | None:
    """The UTC day of a value in any of the common forms; None when it is not a date."""
    match value:
        case bool():
            return None
        case int() | float():
            return _of_number(value)
        case str():
            return _of_text(value.strip()) if len(value) <= _LONGEST else None
        case list():
            return _of_parts(value)
        case dict():
            return _of_object(value)
        case _:
            return None


def month_number(text: str) -> int | None:
    """The month that a text names ("may", "May", "5", "September"); None when it names none."""
    name = text.strip().strip("{}.").lower()
    if name.isdecimal():
        return int(name) if 1 <= int(name) <= 12 else None
    return MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS and name.isalpha() else None


def _of_number(value: float) -> RecordDay | None:
    """A year, or seconds, milliseconds, microseconds or nanoseconds since 1970."""
    if value in _YEARS:
        return RecordDay(date(int(value), 1, 1), Precision.YEAR)
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if value == value and abs(value) < 1e19 and int(value / unit) in _EPOCH_SECONDS:  # noqa: PLR0124  NaN
            return RecordDay(datetime.fromtimestamp(value / unit, UTC).date())
    compact = str(int(value)) if isinstance(value, int) else ""
    return _of_text(compact) if len(compact) == 8 else None


def _of_text(text: str) -> RecordDay | None:
    day = day_of(text)
    return RecordDay(day) if day else _in_digits(text) or _in_words(text)


def _in_digits(text: str) -> RecordDay | None:
    if (matched := _YEAR_FIRST.fullmatch(text)) and month_number(matched[2]):
        return _record_day(*matched.groups())
    if matched := _DOTTED.fullmatch(text):
        return _record_day(matched[3], matched[2], matched[1])
    if matched := _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text):
        return _record_day(matched["year"], matched["month"], matched["day"])
    if text.isdecimal() and text.isascii():
        return _of_number(int(text[:20]))
    return None


def _in_words(text: str) -> RecordDay | None:
    text = _ORDINAL.sub("", text)
    if matched := _DAY_FIRST.fullmatch(text):
        return _record_day(matched[3], matched[2], matched[1])
    if (written := parse_page_date(text)) and written.year and (day := written.in_year(written.year)):
        return RecordDay(day)
    if matched := _MONTH_AND_YEAR.fullmatch(text):
        return _record_day(matched[2] or matched[3], matched[1] or matched[4])
    try:
        moment = parsedate_to_datetime(text)
        return RecordDay((moment.astimezone(UTC) if moment.tzinfo else moment).date())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _of_parts(parts: list[object]) -> RecordDay | None:
    """``[2024, 5, 5]``, or such a list in a list as CSL-JSON has it; of a range its beginning."""
    if parts and isinstance(parts[0], list):
        return _of_parts(parts[0])
    if not parts or not all(isinstance(part, int | str) for part in parts):
        return None
    return _record_day(*(str(part) for part in parts[:3]))


def _of_object(fields: Mapping[str, object]) -> RecordDay | None:
    """A date of CSL-JSON or Crossref, of Notion, of MongoDB, or one with year, month and day apart."""
    if "year" in fields:
        return _of_parts([fields[name] for name in ("year", "month", "day") if fields.get(name)])
    names = ("date-parts", "date_parts", "date-time", "raw", "literal", "start", "$date", "value", "timestamp")
    days = (record_day(fields[name]) for name in names if fields.get(name))
    return next((day for day in days if day), None)


def _record_day(year: str, month: str | None = None, day: str | None = None) -> RecordDay | None:
    number = month_number(month) if month else None
    if not (year.isdecimal() and int(year) in _YEARS) or (month and number is None):
        return None
    try:
        if number is None:
            return RecordDay(date(int(year), 1, 1), Precision.YEAR)
        if not day:
            return RecordDay(date(int(year), number, 1), Precision.MONTH)
        return RecordDay(date(int(year), number, int(day)))
    except ValueError:
        return None
