"""Words that date phrases are made of, as pieces of regular expressions, and what they are worth."""

import re
from datetime import date

from assistant.retrieval.query.dates.arithmetic import Unit

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {
    **{word: number for number, word in enumerate(_NUMBER_WORDS, 1)},
    "a": 1,
    "an": 1,
    "couple": 2,
    "dozen": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
    "hundred": 100,
    "few": 5,
    "several": 5,  # read generously
}
_UNITS: dict[str, tuple[int, Unit]] = {
    "day": (1, Unit.DAY),
    "weekday": (1, Unit.DAY),
    "week": (1, Unit.WEEK),
    "fortnight": (2, Unit.WEEK),
    "month": (1, Unit.MONTH),
    "quarter": (1, Unit.QUARTER),
    "half-year": (6, Unit.MONTH),
    "half-a-year": (6, Unit.MONTH),
    "year": (1, Unit.YEAR),
    "decade": (10, Unit.YEAR),
}

MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?" + (
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
MONTH_START = rf"(?:{'|'.join(_MONTHS)})"
WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})"
DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<ordinal>st|nd|rd|th)?(?!\w)"
YEAR = r"(?P<year>(?:19[89]|20[0-4])\d)(?!\w|[.,:/]\d|-[a-z])"
YEARS = rf"(?:{YEAR}|[’'](?P<short>\d\d)(?!\w)|(?P<relative>this|the current|last|the previous) year(?!\w))"
"""A year as a number, as '24, or as "last year"."""
ORDINAL = rf"(?P<nth>{'|'.join(_ORDINALS)}|last|final)"
COUNT = rf"(?:(?P<digits>\d{{1,3}})|(?:an? )?(?P<count>{'|'.join(_COUNTS)})(?: of)?)"
UNIT = (
    r"(?:calendar |business )?"
    r"(?P<unit>half(?: a|-)? ?year|weekday|fortnight|decade|quarter|month|week|year|day)s?(?!\w)"
)
CALENDAR_UNIT = r"(?:calendar )?(?P<unit>week|month|quarter|year)(?!\w)"


def month_number(match: re.Match[str]) -> int:
    """The number of the month that was written."""
    return _MONTHS.index(match["month"][:3].lower()) + 1


def is_plain_word(match: re.Match[str]) -> bool:
    """Whether the month could be the verb: "may" and "march" in lower case."""
    return match["month"] in ("may", "march", "mar")


def weekday_number(match: re.Match[str]) -> int:
    """0 for Monday."""
    return _WEEKDAYS.index(match["weekday"].lower())


def year_number(match: re.Match[str], today: date) -> int:
    """The year of `YEARS`."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("short"):
        return 2000 + int(groups["short"])
    return today.year - (groups["relative"].lower() in ("last", "the previous"))


def ordinal_number(match: re.Match[str], of: int) -> int:
    """The place that an ordinal names among ``of``, from 1."""
    return _ORDINALS.get(match["nth"].lower(), of)


def counted(match: re.Match[str]) -> tuple[int, Unit]:
    """How many units were written, in units of the calendar; 1 without a number."""
    groups = match.groupdict()
    number = int(groups["digits"]) if groups.get("digits") else _COUNTS[(groups.get("count") or "one").lower()]
    size, unit = _UNITS[groups["unit"].lower().replace(" ", "-")]
    return number * size, unit
