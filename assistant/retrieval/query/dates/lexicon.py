"""Words that date phrases are made of, and words around a phrase that tell what it means, or that it is none."""

import re
from datetime import date
from enum import Enum, auto

from assistant.retrieval.query.boilerplate import PAPERS
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

WORD = re.compile(r"(?<![\w\-./#@$'’&+:])\w")
"""Where a date phrase may begin: not within "GPT-4.1", "AIME-2025" or a link."""
LINK = re.compile(
    r"(?: ?[-–—] ?|\.\.+| (?:up )?to (?:the )?| (?:until|till|through|thru|and up to) |(?P<and> and ))", re.IGNORECASE
)
"""What joins the two ends of a range."""

UNTIL_NOW = re.compile(
    r"(?: ?[-–—] ?| (?:up )?(?:to|until|till) (?:the )?)(?:now|today|present(?: day)?|date)(?!\w)", re.IGNORECASE
)

AND_NOW = re.compile(r" and (?:now|today|the present)(?!\w)", re.IGNORECASE)

AGES = tuple(
    (re.compile(pattern, re.IGNORECASE), is_older)
    for pattern, is_older in (
        (rf"older than {COUNT} {UNIT}(?: old)?", True),
        (rf"(?:more than|over|at least) {COUNT} {UNIT} (?:ago|old)(?!\w)", True),
        (rf"(?:newer|younger|(?:no|not) older) than {COUNT} {UNIT}(?: old)?", False),
        (rf"(?:less than|under|at most|within) {COUNT} {UNIT} (?:ago|old)(?!\w)", False),
    )
)
"""Ages of papers, and whether they are older than that."""

LISTING = re.compile(
    rf"\b(?:{PAPERS}|anything|something|news?|published|listed|released|posted|submitted|appeared|came out|out today)\b"
    r"|\bnew\b|^today\b(?!['’]s)",
    re.IGNORECASE,
)
"""Words with which "today" means the day and not the present."""

NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w-]*|\b[\w-]*\d[\w-]*) ?$")
"""A name or number directly before: "AIME 2024-2025"."""

NAME_BEHIND = re.compile(rf"['’]s (?!(?:[\w-]+ ){{0,4}}(?i:{PAPERS})\b)[A-Z]")
"""What belongs to the date and is no paper: "last year's IMO problems"."""

PERSON_BEHIND = re.compile(r" [A-Z][a-z]+")
"""A surname: "by April Lee"."""

_COUNTED = re.compile(
    r" (?:[\w-]+ )?(?:annotators|categories|classes|clips|dimensions|documents|epochs|episodes|examples|frames|gpus?"
    r"|hours|images|iterations|languages|layers|neurons|nodes|pages|pairs|parameters|participants|people|points|problems"
    r"|prompts|questions|rows|samples|scenes|seconds|steps|tasks|tokens|tools|users|videos|words)\b|[%x×]",
    re.IGNORECASE,
)
_NAMES = re.compile(rf" (?!(?:[\w-]+ ){{0,3}}(?i:{PAPERS})\b)[A-Z]")
_PAPERS_BEHIND = re.compile(rf"['’]?s? (?:[\w-]+ ){{0,3}}?{PAPERS}\b|['’]s (?:best|top|most)\b| only\b", re.IGNORECASE)
_PAPERS_BEFORE = re.compile(rf"\b{PAPERS}(?:,| \(| -)? ?$", re.IGNORECASE)
_PREPOSITION_BETWEEN = re.compile(r" (?:on|in|about|for|of|from|with|by|and|to)\b", re.IGNORECASE)


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


class Relation(Enum):
    """How a preposition relates papers to a date."""

    NONE = auto()
    IN = auto()
    ON = auto()
    FROM = auto()
    BETWEEN = auto()
    SINCE = auto()
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()


def _behind(*rows: tuple[Relation, str]) -> tuple[tuple[Relation, re.Pattern[str]], ...]:
    return tuple((relation, re.compile(pattern, re.IGNORECASE)) for relation, pattern in rows)


BEFORE_DATES = _behind(
    (Relation.SINCE, r"(?:(?:ever )?since|starting(?: from| in| on| with)?|beginning(?: from| in| on| with)?|as of) "),
    (Relation.SINCE, r"(?:on or after|(?:no|not) earlier than|not before) "),
    (Relation.AFTER, r"(?:after|later than|newer than|more recent than|following) |post[- ](?=\d)"),
    (Relation.BEFORE, r"(?:before|prior to|earlier than|older than|preceding) |pre[- ](?=\d)"),
    (Relation.UNTIL, r"(?:on or before|(?:no|not) later than|not after|up to and including) "),
    (Relation.UNTIL, r"(?:up (?:to|until|till)|until|till|til|through|by) "),
    (Relation.BETWEEN, r"(?:in )?between "),
    (Relation.FROM, r"from "),
    (Relation.IN, r"(?:in|during|of|for|within|throughout|dated) (?:the (?=\d{4}(?!s)))?"),
    (Relation.ON, r"(?:on|at|over|across|around) "),
)

BEHIND_DATES = _behind(
    (
        Relation.SINCE,
        r",? (?:(?:and|or) )?(?:onwards?|forward|later|after(?:wards)?|newer|beyond)(?=[?.!,;)]|$| (?!\d))",
    ),
    (Relation.SINCE, r" on(?=[?.!,;)]|$| but| until)"),
    (Relation.UNTIL, r",? (?:and|or) (?:earlier|before|older)(?!\w)"),
)


def is_year(text: str, end: int) -> bool:
    """Whether the number that ends there is a year: it counts nothing and is not the start of a name."""
    return not _COUNTED.match(text, end) and not _NAMES.match(text, end)


def is_year_of_papers(text: str, start: int, end: int) -> bool:
    """Whether a number without a preposition is a year, as in "2024 papers on …" and "papers, 2024"."""
    if NAME_BEFORE.search(text, 0, start):
        return False
    behind = _PAPERS_BEHIND.match(text, end)
    if behind and not _PREPOSITION_BETWEEN.search(behind[0]):
        return True
    return bool(_PAPERS_BEFORE.search(text, 0, start)) and is_year(text, end)
