"""Words around a date phrase that tell what it means, or that it is none."""

import re
from enum import Enum, auto

from assistant.retrieval.query.boilerplate import PAPERS
from assistant.retrieval.query.dates.lexicon import COUNT, UNIT


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


WORD = re.compile(r"(?<![\w\-./#@$'’&+:])\w")
"""Where a date phrase may begin: not within "GPT-4.1", "AIME-2025" or a link."""

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
