"""Phrases that name a span of days: "3 May 2025", "Q2 2024", "last week", "two months ago", "the end of June".

A table of patterns and of what each means. Libraries were measured on `daily_dev/dated` and left out (exact windows
of 20): dateparser 3, parsedatetime 2, both made for points in time, recognizers-text 11, an untyped alpha. All three
take "AIME 2025" or "may be" for a date.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from assistant.retrieval.query.boilerplate import PAPERS
from assistant.retrieval.query.dates import arithmetic
from assistant.retrieval.query.dates import lexicon as w
from assistant.retrieval.query.dates import resolve as m
from assistant.retrieval.query.dates.arithmetic import ONE_DAY, Resolve, Span, Unit, fixed
from assistant.retrieval.query.dates.resolve import SEASONS, Meaning


class Strength(Enum):
    """How surely the words are a date."""

    CERTAIN = auto()
    CUED = auto()  # behind a preposition of time
    YEAR = auto()  # a bare number: behind a preposition, and not when it counts or names something
    TODAY = auto()  # "LLMs today" means nowadays
    INNER = auto()  # within "the beginning of …" alone


@dataclass(frozen=True, slots=True)
class Phrase:
    """A span of days in a text, from offset ``start`` to ``end``."""

    start: int
    end: int
    resolve: Resolve
    strength: Strength


def phrase_at(text: str, start: int, today: date) -> Phrase | None:
    """The longest phrase that begins at an offset."""
    phrases = [phrase for phrase in (_part_at(text, start, today), _simple_at(text, start, today)) if phrase]
    return max(phrases, key=lambda phrase: phrase.end, default=None)


def _simple_at(text: str, start: int, today: date) -> Phrase | None:
    best: Phrase | None = None
    for pattern, strength, meaning in _TABLE:
        match = pattern.match(text, start)
        if match and (best is None or match.end() > best.end):
            resolve = meaning(match, today)
            if resolve:
                best = Phrase(start, match.end(), resolve, strength)
    return best


def _part_at(text: str, start: int, today: date) -> Phrase | None:
    match = _PART.match(text, start)
    whole = phrase_at(text, match.end(), today) if match else None
    if match is None or whole is None or whole.strength is Strength.TODAY:
        return None

    def resolve(latest: date) -> Span | None:
        span = whole.resolve(latest)
        return _part_of(span, match) if span else None

    strength = Strength.CUED if whole.strength is Strength.CUED else Strength.CERTAIN
    return Phrase(start, whole.end, resolve, strength)


def _part_of(whole: Span, match: re.Match[str]) -> Span:
    if match["holding"]:
        return arithmetic.unit_of(Unit.WEEK, whole.first)
    if match["side"]:
        count, unit = w.counted(match)
        if match["side"].lower() == "first":
            return Span(whole.first, arithmetic.back(whole.first, -count, unit) - ONE_DAY)
        return Span(arithmetic.back(whole.last + ONE_DAY, count, unit), whole.last)
    if match["half"] or match["nth"]:
        of = 2 if match["half"] else 4
        index = w.ordinal_number(match, 4) - 1 if match["nth"] else match["half"].lower() not in ("first", "1st")
        return arithmetic.part(whole, index, of)
    return _edge_of(whole, match["place"].lower())


def _edge_of(whole: Span, place: str) -> Span:
    """Early, mid and late are thirds; "since the end of …" begins on its last day, "since mid-…" at half of it."""
    third = arithmetic.part(whole, {"beginning": 0, "start": 0, "early": 0, "end": 2, "late": 2}.get(place, 1), 3)
    match place:
        case "beginning" | "start":
            return replace(third, since=whole.first, until=whole.first)
        case "end":
            return replace(third, since=whole.last, until=whole.last)
        case "middle" | "mid":
            second_half = arithmetic.part(whole, 1, 2).first
            return replace(third, since=second_half, until=second_half - ONE_DAY)
        case _:
            return third


_PART = re.compile(
    r"(?:the )?(?:very )?(?:"
    r"(?P<half>first|1st|second|2nd|latter|other|last) half (?:of |in )?"
    rf"|{w.ORDINAL} quarter (?:of |in )"
    rf"|(?P<side>first|last|final) (?:{w.COUNT} )?{w.UNIT} (?:of|in) "
    r"|(?P<holding>week) of "
    r"|(?P<place>beginning|start|middle|end|early|mid|late)(?:[ -](?:of|in))?[ -]"
    r")(?:the (?=\d))?",
    re.IGNORECASE,
)


def _table(*rows: tuple[str, Strength, Meaning]) -> tuple[tuple[re.Pattern[str], Strength, Meaning], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), strength, meaning) for pattern, strength, meaning in rows)


_LAST = r"(?P<which>last|past|previous|prior)"
_OPTIONAL_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:the )?"
_SEASON = rf"(?P<season>{'|'.join(SEASONS)})"
_TO = r"(?: ?[-–—] ?| (?:and|to|until|till|through) )"
_LAST_DAY = r"(?P<last_day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\w)"
_NO_OF = rf"(?! of\b(?! (?:[\w-]+ ){{0,3}}{PAPERS}\b))"  # "the last hour of training"

_TABLE = _table(
    (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<number>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        Strength.CERTAIN,
        m.numbered_date,
    ),
    (r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})(?!\d)", Strength.CERTAIN, m.numbered_date),
    (r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?!\d)", Strength.CERTAIN, m.slashed_date),
    (rf"{_OPTIONAL_WEEKDAY}{w.DAY}(?: of)?[ -]{w.MONTH},?[ -]?{w.YEARS}", Strength.CERTAIN, m.day_of_year),
    (rf"{_OPTIONAL_WEEKDAY}{w.MONTH} (?:the )?{w.DAY},? {w.YEARS}", Strength.CERTAIN, m.day_of_year),
    (
        rf"(?:the )?{w.DAY}{_TO}(?:the )?{_LAST_DAY}(?: of)? {w.MONTH}(?:,? {w.YEARS})?",
        Strength.CERTAIN,
        m.days_of_month,
    ),
    (
        rf"{w.MONTH} (?:the )?{w.DAY}{_TO}(?:the )?{_LAST_DAY}(?:,? {w.YEARS})?",
        Strength.CERTAIN,
        m.days_of_month,
    ),
    (rf"(?:the )?(?P<day>first) of {w.MONTH}(?:,? {w.YEARS})?", Strength.CERTAIN, m.first_of_month),
    (rf"{_OPTIONAL_WEEKDAY}{w.DAY}(?: of)? {w.MONTH}", Strength.CUED, m.day_of_any_year),
    (rf"{_OPTIONAL_WEEKDAY}{w.MONTH} (?:the )?{w.DAY}", Strength.CUED, m.day_of_any_year),
    (rf"(?:the )?(?:month of )?{w.MONTH}(?:,? (?:of )?|[-/])?{w.YEARS}", Strength.CERTAIN, m.month_of_year),
    (r"(?P<year>20\d\d)[-/](?P<number>0[1-9]|1[0-2])(?![\w/-]|\.\d)", Strength.CERTAIN, m.numbered_month),
    (r"(?P<number>0?[1-9]|1[0-2])/(?P<year>20\d\d)(?![\w/-])", Strength.CERTAIN, m.numbered_month),
    (rf"(?:the month of )?{w.MONTH}(?!-(?!{w.MONTH_START})\w)", Strength.CUED, m.month_of_any_year),
    (rf"(?P<which>last|past|previous|this) {w.MONTH}(?!-\w)", Strength.CERTAIN, m.named_month),
    (rf"q(?P<number>[1-4])(?:,? (?:of )?|[-/])?{w.YEARS}", Strength.CERTAIN, m.quarter_of_year),
    (r"(?P<year>20\d\d)[ -/]?q(?P<number>[1-4])(?!\w)", Strength.CERTAIN, m.quarter_of_year),
    (
        r"q(?P<number>[1-4])(?=$|[?.!,;)]| (?:on|about|to|until|through|and|papers?|articles?)\b)",
        Strength.CUED,
        m.quarter_of_any_year,
    ),
    (rf"(?:the )?{w.ORDINAL} quarter,? (?:of )?{w.YEARS}", Strength.CERTAIN, m.quarter_of_year),
    (rf"h(?P<number>[12])(?:,? (?:of )?|[-/])?{w.YEARS}", Strength.CERTAIN, m.half_of_year),
    (r"(?P<year>20\d\d)[ -/]?h(?P<number>[12])(?!\w)", Strength.CERTAIN, m.half_of_year),
    (r"(?P<year>20\d\d)[ -]?w(?P<number>\d{1,2})(?!\w)", Strength.CERTAIN, m.week_of_year),
    (
        rf"(?:the )?(?:iso |calendar )?(?:week|cw) ?(?P<number>\d{{1,2}}),? (?:of |in )?{w.YEARS}",
        Strength.CERTAIN,
        m.week_of_year,
    ),
    (r"(?:iso |calendar )?week (?P<number>\d{1,2})(?!\w)", Strength.CUED, m.week_of_any_year),
    (rf"(?:the )?{_SEASON},? (?:of )?{w.YEARS}", Strength.CERTAIN, m.season_of_year),
    (rf"(?P<which>last|past|previous|this) {_SEASON}(?!\w)", Strength.CERTAIN, m.named_season),
    (w.YEAR, Strength.YEAR, m.year),
    (rf"(?:the )?(?:calendar )?year (?:of )?{w.YEAR}", Strength.CERTAIN, m.year),
    (r"the (?P<century>19|20)?[’']?(?P<tens>\d)0s(?!\w)", Strength.CERTAIN, m.decade),
    (r"(?P<century>19|20)(?P<tens>\d)0s(?!\w)", Strength.CUED, m.decade),
    (r"(?:the )?day before yesterday(?!\w)", Strength.CERTAIN, m.days_back(2)),
    (r"yesterday(?!\w)", Strength.CERTAIN, m.days_back(1)),
    (r"last night(?!\w)", Strength.CERTAIN, m.days_back(1)),
    (r"today(?!\w)", Strength.TODAY, m.days_back(0)),
    (r"this (?:morning|afternoon|evening)(?!\w)", Strength.CERTAIN, m.days_back(0)),
    (
        rf"(?:so far |earlier |later )?(?:this|(?:the )?current) {w.CALENDAR_UNIT}(?: so far)?",
        Strength.CERTAIN,
        m.this_unit,
    ),
    (r"(?P<unit>week|month|quarter|year)[ -]to[ -]date(?!\w)", Strength.CERTAIN, m.this_unit),
    (r"ytd(?!\w)", Strength.CERTAIN, lambda _match, today: fixed(arithmetic.unit_of(Unit.YEAR, today))),
    (r"the (?P<unit>week|month|quarter|year)(?!\w)", Strength.INNER, m.this_unit),
    (rf"(?P<article>(?:the|this|these) )?{_LAST} {w.CALENDAR_UNIT}{_NO_OF}", Strength.CERTAIN, m.last_unit),
    (r"(?:the )?previous day(?!\w)", Strength.CERTAIN, m.days_back(1)),
    (r"the (?P<unit>week|month|quarter|year) before last(?!\w)", Strength.CERTAIN, m.unit_before_last),
    (
        r"(?:(?:the|these|this) )?(?:last|past|previous|prior|latest|trailing|(?:most )?recent) "
        rf"{w.COUNT} {w.UNIT}{_NO_OF}",
        Strength.CERTAIN,
        m.last_units,
    ),
    (
        r"(?:the |this )?(?:last|past|previous) (?P<count>)(?P<unit>fortnight|half[ -]year|decade)(?!\w)",
        Strength.CERTAIN,
        m.last_units,
    ),
    (
        rf"(?:the )?(?:last|past|previous) (?:(?P<hours>\d{{1,3}}) ?|few )?h(?:ours?|rs?)?(?!\w){_NO_OF}",
        Strength.CERTAIN,
        m.last_hours,
    ),
    (r"the (?:last|past) day(?!\w)(?! of\b)(?P<hours>)", Strength.CERTAIN, m.last_hours),
    (rf"{w.COUNT} {w.UNIT} (?:ago|back)(?: today)?(?!\w)", Strength.CERTAIN, m.ago),
    (rf"(?P<which>last|past|previous|this) {w.WEEKDAY}(?!\w)", Strength.CERTAIN, m.weekday),
    (rf"{w.WEEKDAY}(?: of)? (?P<week>last|this) week(?!\w)", Strength.CERTAIN, m.weekday),
    (rf"{w.WEEKDAY}(?!\w)", Strength.CUED, m.weekday),
    (r"(?P<which>this|last|past|previous|the)(?: past| last)? weekend(?!\w)", Strength.CERTAIN, m.weekend),
)
