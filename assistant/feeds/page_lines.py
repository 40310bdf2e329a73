"""The lines of a saved page's text, each with what it is: a date, part of a block, page furniture, or text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from itertools import groupby, pairwise

from assistant.feeds.page_text import LinkedPage
from assistant.papers import clean_text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_DATE = re.compile(
    rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?(?: (?P<comments>\d{{1,6}}))?",
    re.IGNORECASE | re.ASCII,
)
_PUBLISHED = re.compile(rf"(?:published|submitted)(?: on)?:? (?P<when>{_DATE.pattern})", re.IGNORECASE | re.ASCII)
_UPVOTES = re.compile(r"(?:upvotes?|▲):? ?(\d{1,6})", re.IGNORECASE | re.ASCII)
_AUTHORS = re.compile(r"(?:[•*+o-] ?)?\d{1,5} authors?|•(?: ?\d{1,5}(?: a\w{0,5})?)?", re.IGNORECASE | re.ASCII)
_BLOCK_IN_ONE_LINE = re.compile(rf"(?P<who>[^·]{{1,160}}) · (?P<when>{_DATE.pattern})", re.IGNORECASE | re.ASCII)
_SEPARATOR = "·"
_FURNITURE_LINES = frozenset(
    {
        "daily papers",
        "byak and the research community",
        "by ak and the research community",
        "get trending papers in your email inbox!",
        "get trending papers in your email inbox once a day!",
        "your daily dose of ai research from ak",
        "trending papers",
        "hugging face",
        "system theme",
        "log in",
        "sign up",
        "back to top",
        "submitted by",
        "load more",
    }
)
_FURNITURE_WORDS = re.compile(
    r"(?:(?:new|subscribed?|upvote|previous|next|today|week|month|daily|weekly|monthly|models|datasets|spaces|posts"
    r"|community|docs|enterprise|pricing|solutions|company|tos|privacy|about|careers|jobs|website|papers|light|dark"
    r"|theme|collections|\d+)(?: |$))+"
)
_WHOLE_END = re.compile(r"""[.!?:;)\]}"'”’*$%]$|[^\s./][./][^\s]*$""")
_LONGEST_END = 2_000  # an address can be long
_LONGEST_WRAPPED_LINE = 140
_SHORTEST_WRAPPED_WIDTH = 40


class LineKind(Enum):
    """What a line of a saved page is."""

    TEXT = auto()
    DATE = auto()
    AUTHORS = auto()
    SEPARATOR = auto()
    PUBLISHED = auto()
    UPVOTES = auto()
    FURNITURE = auto()


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date as the page writes it, perhaps without a year, and the number after it: the comments."""

    month: int
    day: int
    year: int | None = None
    comments: int | None = None

    def in_year(self, year: int) -> date | None:
        """The date, in its own year or else in this one; None when that year has no such day."""
        try:
            return date(year if self.year is None else self.year, self.month, self.day)
        except ValueError:
            return None

    def latest(self, today: date) -> date | None:
        """The date, in its own year or else in the last one where it is not after today."""
        if self.year is not None:
            return self.in_year(self.year)
        candidates = (self.in_year(year) for year in range(today.year, today.year - 9, -1))
        return next((candidate for candidate in candidates if candidate and candidate <= today), None)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a wrapped paragraph in one; ``number`` counts from 1.

    ``paper_id`` is that of the paper to which the line is a link; ``count`` the upvotes that a line tells.
    """

    number: int
    text: str
    kind: LineKind
    date: PageDate | None = None
    paper_id: str | None = None
    count: int | None = None


def page_lines(page: LinkedPage) -> tuple[Line, ...]:
    """The lines that say something, in order; the lines of a paragraph that was wrapped are one."""
    lines: list[Line] = []
    for paragraph in _paragraphs(page.text):
        unwrapped = _flowing(paragraph, page.starts) if page.is_flowing else _unwrapped(paragraph)
        lines += (replace(line, paper_id=page.paper_ids.get(line.number)) for line in unwrapped)
    return tuple(_with_upvotes(lines))


def is_surely_abstract(text: str) -> bool:
    """Whether a paragraph cannot be a title: the 11,028 titles of 2024 to 2026 are short and end with no full stop."""
    return len(text) > 250 or (text.endswith(".") and len(text.split()) >= 6)


def may_be_abstract(text: str) -> bool:
    """Whether a paragraph after a title can be its abstract, and not one more title."""
    return text.endswith(".") or len(text) >= 150


def ends_whole(text: str) -> bool:
    """Whether an abstract ends like a whole text: with a sentence, a bracket, a formula or an address."""
    return _WHOLE_END.search(text[-_LONGEST_END:]) is not None


def parse_page_date(text: str) -> PageDate | None:
    """``Dec 12``, ``Sep 28 2``, ``Jun 16, 2024`` or ``Dec 5, 2024 2``; None for every other text."""
    matched = _DATE.fullmatch(text)
    if matched is None:
        return None
    month = MONTHS.index(matched["month"][:3].lower()) + 1
    year, comments = matched["year"], matched["comments"]
    page_date = PageDate(month, int(matched["day"]), int(year) if year else None, int(comments) if comments else None)
    return page_date if page_date.in_year(2024) else None  # a leap year: every day of the calendar


def _paragraphs(text: str) -> Iterator[list[Line]]:
    """Neighbouring lines that are not blank, with their numbers."""
    paragraph: list[Line] = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if cleaned := clean_text(raw):
            paragraph.extend(_classified(number, cleaned))
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _classified(number: int, text: str) -> Iterable[Line]:
    if matched := _BLOCK_IN_ONE_LINE.fullmatch(text):
        whole = (matched["who"], _SEPARATOR, matched["when"])
        return [line for part in whole for line in _classified(number, part)]
    if when := parse_page_date(text):
        return [Line(number, text, LineKind.DATE, when)]
    if (published := _PUBLISHED.fullmatch(text)) and (when := parse_page_date(published["when"])):
        return [Line(number, text, LineKind.PUBLISHED, when)]
    if upvotes := _UPVOTES.fullmatch(text):
        return [Line(number, text, LineKind.UPVOTES, count=int(upvotes[1]))]
    return [Line(number, text, _kind(text))]


def _kind(text: str) -> LineKind:
    if text == _SEPARATOR:
        return LineKind.SEPARATOR
    if _AUTHORS.fullmatch(text):
        return LineKind.AUTHORS
    folded = text.casefold()
    if folded in _FURNITURE_LINES or _FURNITURE_WORDS.fullmatch(folded):
        return LineKind.FURNITURE
    return LineKind.TEXT


def _with_upvotes(lines: list[Line]) -> Iterator[Line]:
    """The same lines; a number under the word "Upvote" tells the upvotes."""
    for before, line in pairwise([None, *lines]):
        assert line is not None  # noqa: S101  (only the first of all is none)
        if before and before.text.casefold() in {"upvote", "upvotes"} and line.text.isdecimal() and line.text.isascii():
            yield replace(line, kind=LineKind.UPVOTES, count=int(line.text[:6]))
        else:
            yield line


def _flowing(paragraph: list[Line], starts: frozenset[int]) -> Iterator[Line]:
    """The lines of a paragraph where a line's end says nothing; a long text goes on until a date or a block."""
    pending: list[Line] = []
    for line in paragraph:
        is_text = line.kind is LineKind.TEXT or (line.kind is LineKind.FURNITURE and _is_running(pending))
        if pending and (not is_text or line.number in starts):
            yield replace(pending[0], text=" ".join(each.text for each in pending))
            pending = []
        if is_text:
            pending.append(line)
        else:
            yield line
    if pending:
        yield replace(pending[0], text=" ".join(each.text for each in pending))


def _is_running(lines: list[Line]) -> bool:
    """Whether a paragraph has begun with a line so full that what follows may be its last words."""
    return bool(lines) and len(lines[-1].text) > _SHORTEST_WRAPPED_WIDTH


def _unwrapped(paragraph: list[Line]) -> Iterator[Line]:
    for is_text, group in groupby(paragraph, key=lambda line: line.kind is LineKind.TEXT):
        lines = list(group)
        if is_text and _is_wrapped([line.text for line in lines]):
            yield replace(lines[0], text=" ".join(line.text for line in lines))
        else:
            yield from lines


def _is_wrapped(texts: list[str]) -> bool:
    """Whether a program broke one paragraph into these lines: each is so full that the next word did not fit."""
    width = max(len(text) for text in texts)
    if len(texts) < 2 or not _SHORTEST_WRAPPED_WIDTH <= width <= _LONGEST_WRAPPED_LINE:
        return False
    return all(len(upper) + 1 + len(lower.split(" ")[0]) > width for upper, lower in pairwise(texts))
