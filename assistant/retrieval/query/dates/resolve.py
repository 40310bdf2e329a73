"""What the patterns of date phrases mean: from the words of a match, and today, to a span of days.

Each meaning is None where the words are no date after all.
"""

import re
from collections.abc import Callable
from datetime import date

from assistant.retrieval.query.dates import arithmetic
from assistant.retrieval.query.dates import lexicon as w
from assistant.retrieval.query.dates.arithmetic import ONE_DAY, Resolve, Span, Unit, fixed, yearly

Meaning = Callable[[re.Match[str], date], Resolve | None]

SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The month in which each begins, on the northern half of the earth."""


def numbered_date(match: re.Match[str], _today: date) -> Resolve | None:
    """A date in numbers, year, month and day in whatever order."""
    span = arithmetic.day(int(match["year"]), int(match["number"]), int(match["day"]))
    return fixed(span) if span else None


def slashed_date(match: re.Match[str], _today: date) -> Resolve | None:
    """3/14/2025 or 14/3/2025; a date that may be read both ways is none."""
    first, second = int(match["first"]), int(match["second"])
    if min(first, second) <= 12 < max(first, second) or first == second:  # 03/04/2025 may be either
        span = arithmetic.day(int(match["year"]), min(first, second), max(first, second))
        return fixed(span) if span else None
    return None


def day_of_year(match: re.Match[str], today: date) -> Resolve | None:
    """A day of a month of a year."""
    span = arithmetic.day(w.year_number(match, today), w.month_number(match), int(match["day"]))
    return fixed(span) if span else None


def day_of_any_year(match: re.Match[str], _today: date) -> Resolve | None:
    """A day of a month; "5 may" is no date, "5 May" and "5th may" are."""
    number, day = w.month_number(match), int(match["day"])
    if w.is_plain_word(match) and not match["ordinal"]:
        return None
    return yearly(lambda year: arithmetic.day(year, number, day))


def first_of_month(match: re.Match[str], today: date) -> Resolve:
    """The first day of a month; without a year the latest that has come."""
    number = w.month_number(match)
    if any(match[group] for group in ("year", "short", "relative")):
        return fixed(arithmetic.day(w.year_number(match, today), number, 1))
    return yearly(lambda year: arithmetic.day(year, number, 1))


def month_of_year(match: re.Match[str], today: date) -> Resolve | None:
    """A month of a year; "this may last year" is none."""
    if w.is_plain_word(match) and match["relative"]:
        return None
    return fixed(arithmetic.month(w.year_number(match, today), w.month_number(match)))


def numbered_month(match: re.Match[str], _today: date) -> Resolve:
    """2025-03."""
    return fixed(arithmetic.month(int(match["year"]), int(match["number"])))


def month_of_any_year(match: re.Match[str], _today: date) -> Resolve | None:
    """A month alone: the latest that has begun. "MARCH" is a name."""
    if match["month"].isupper():
        return None
    number = w.month_number(match)
    return yearly(lambda year: arithmetic.month(year, number))


def named_month(match: re.Match[str], today: date) -> Resolve | None:
    """The month of this year, or the latest that is over; "this may" is a verb."""
    if w.is_plain_word(match):
        return None
    number = w.month_number(match)
    if match["which"].lower() == "this":
        return fixed(arithmetic.month(today.year, number))
    before = arithmetic.unit_of(Unit.MONTH, today).first - ONE_DAY
    return fixed(yearly(lambda year: arithmetic.month(year, number))(before))


def quarter_of_year(match: re.Match[str], today: date) -> Resolve:
    """A quarter of a year, by number or ordinal."""
    number = int(match["number"]) if match.groupdict().get("number") else w.ordinal_number(match, 4)
    return fixed(arithmetic.months(w.year_number(match, today), 3 * number - 2, 3))


def quarter_of_any_year(match: re.Match[str], _today: date) -> Resolve:
    """A quarter alone: the latest that has begun."""
    number = int(match["number"])
    return yearly(lambda year: arithmetic.months(year, 3 * number - 2, 3))


def half_of_year(match: re.Match[str], today: date) -> Resolve:
    """H1 or H2 of a year."""
    return fixed(arithmetic.months(w.year_number(match, today), 6 * int(match["number"]) - 5, 6))


def week_of_year(match: re.Match[str], today: date) -> Resolve | None:
    """An ISO week of a year."""
    span = arithmetic.iso_week(w.year_number(match, today), int(match["number"]))
    return fixed(span) if span else None


def week_of_any_year(match: re.Match[str], _today: date) -> Resolve:
    """An ISO week alone: the latest that has begun."""
    number = int(match["number"])
    return yearly(lambda year: arithmetic.iso_week(year, number))


def season_of_year(match: re.Match[str], today: date) -> Resolve:
    """The season that begins in the year; a winter that is still to come is the one before."""
    first, year = SEASONS[match["season"].lower()], w.year_number(match, today)
    span = arithmetic.months(year, first, 3)
    return fixed(arithmetic.months(year - 1, first, 3) if span.first > today and first == 12 else span)


def named_season(match: re.Match[str], today: date) -> Resolve:
    """The latest such season that has begun ("this summer") or that is over ("last summer")."""
    first = SEASONS[match["season"].lower()]
    latest = yearly(lambda year: arithmetic.months(year, first, 3))
    span = latest(today)
    if span and span.last >= today and match["which"].lower() != "this":
        return fixed(latest(span.first - ONE_DAY))
    return fixed(span)


def year(match: re.Match[str], _today: date) -> Resolve:
    """A year."""
    return fixed(arithmetic.months(int(match["year"]), 1, 12))


def days_of_month(match: re.Match[str], today: date) -> Resolve | None:
    """Some days of a month: "10 to 20 May 2025"; without a year the latest that have begun."""
    number, first_day, last_day = w.month_number(match), int(match["day"]), int(match["last_day"])

    def of_year(year: int) -> Span | None:
        first, last = arithmetic.day(year, number, first_day), arithmetic.day(year, number, last_day)
        return Span(first.first, last.last) if first and last and first.first <= last.last else None

    if any(match[group] for group in ("year", "short", "relative")):
        return fixed(of_year(w.year_number(match, today)))
    return yearly(of_year)


def decade(match: re.Match[str], _today: date) -> Resolve:
    """Ten years: "the 90s" of the last century, "the 2010s"."""
    century = match["century"] or ("19" if match["tens"] >= "5" else "20")
    return fixed(arithmetic.months(int(f"{century}{match['tens']}0"), 1, 120))


def days_back(count: int) -> Meaning:
    """A day so many days ago."""
    return lambda _match, today: fixed(Span(today - count * ONE_DAY, today - count * ONE_DAY))


def this_unit(match: re.Match[str], today: date) -> Resolve:
    """The calendar's unit that holds today."""
    return fixed(arithmetic.unit_of(Unit(match["unit"].lower()), today))


def last_unit(match: re.Match[str], today: date) -> Resolve:
    """The calendar's unit before today's; "the past month" and "in the last month" reach up to today."""
    unit, which = Unit(match["unit"].lower()), match["which"].lower()
    if which == "past" or (which == "last" and match["article"] and unit is not Unit.QUARTER):
        return fixed(arithmetic.rolling(today, 1, unit))
    return fixed(arithmetic.previous(today, unit))


def unit_before_last(match: re.Match[str], today: date) -> Resolve:
    """The unit before the previous one."""
    unit = Unit(match["unit"].lower())
    return fixed(arithmetic.unit_of(unit, arithmetic.previous(today, unit).first - ONE_DAY))


def last_units(match: re.Match[str], today: date) -> Resolve:
    """So many units up to today."""
    return fixed(arithmetic.rolling(today, *w.counted(match)))


def last_hours(match: re.Match[str], today: date) -> Resolve:
    """So many hours up to now, as whole days: papers are listed by day."""
    hours = int(match["hours"] or 1)
    return fixed(Span(today - -(-hours // 24) * ONE_DAY, today))


def ago(match: re.Match[str], today: date) -> Resolve:
    """The calendar's unit that holds the day so long ago; "since two weeks ago" means the day itself."""
    count, unit = w.counted(match)
    day = arithmetic.back(today, count, unit)
    whole = arithmetic.unit_of(unit, day)
    return fixed(Span(whole.first, whole.last, day, day))


def weekday(match: re.Match[str], today: date) -> Resolve | None:
    """The latest such day; "last Monday" is before today, and the week may be named. "FRIDAY" is a name."""
    if match["weekday"].isupper():
        return None
    number, groups = w.weekday_number(match), match.groupdict()
    if week := groups.get("week"):
        monday = arithmetic.unit_of(Unit.WEEK, today).first
        day = monday + (number - 7 * (week.lower() != "this")) * ONE_DAY
        return fixed(Span(day, day))
    if (groups.get("which") or "this").lower() != "this":
        return fixed(_latest_weekday(number, today - ONE_DAY))
    return lambda latest: _latest_weekday(number, latest)


def _latest_weekday(number: int, latest: date) -> Span:
    day = latest - (latest.weekday() - number) % 7 * ONE_DAY
    return Span(day, day)


def weekend(match: re.Match[str], today: date) -> Resolve:
    """The latest weekend that has begun; on a weekend "last weekend" is the one before."""
    saturday = today - (today.weekday() - 5) % 7 * ONE_DAY
    if match["which"].lower() in ("last", "previous") and saturday + ONE_DAY >= today:
        saturday -= 7 * ONE_DAY
    return fixed(Span(saturday, saturday + ONE_DAY))
