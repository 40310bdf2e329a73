"""Questions to measure with, as values: what is asked, and what is known of the right answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Shape(StrEnum):
    """What a question asks for; told by the fields of its row."""

    KNOWN_ITEM = "known_item"
    SURVEY = "multi"
    COMPARISON = "compare"
    UNANSWERABLE = "unanswerable"
    DATED = "dated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: the name of its file as it is shown, and the line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class AnswerableQuestion:
    """A question that papers answer; ``grades`` (1 partly or simply, 2 directly on the subject) by paper id.

    Of a known item every graded paper is a right one, of a survey they are the more the better, of a comparison all
    are needed. ``answer`` is a reference in few words, ``gold_quote`` the sentences behind it, ``aspects`` what a
    comparison should cover.
    """

    text: str
    place: Place
    name: str | None
    shape: Shape
    grades: Mapping[str, int]
    kind: str | None = None
    answer: str | None = None
    gold_quote: str | None = None
    aspects: tuple[str, ...] = ()

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The ids of the papers that answer."""
        return tuple(self.grades)


@dataclass(frozen=True, slots=True)
class UnanswerableQuestion:
    """A question that no paper answers; ``paper_id`` is the one that comes near, where there is one.

    ``kind`` is "near" (a paper's abstract lacks the detail), "absent" (no paper), "off" (another domain), or the
    user's own.
    """

    text: str
    place: Place
    name: str | None
    kind: str
    paper_id: str | None = None

    @property
    def shape(self) -> Shape:
        """Always `Shape.UNANSWERABLE`."""
        return Shape.UNANSWERABLE

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The paper that comes near."""
        return (self.paper_id,) if self.paper_id else ()


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``since`` to ``until``, both included; None is an open end."""

    since: date | None
    until: date | None

    def __str__(self) -> str:
        return f"{self.since or '…'} to {self.until or '…'}"


@dataclass(frozen=True, slots=True)
class DatedQuestion:
    """A question with a time in its words, asked on the day ``today``; ``alternatives`` are further fair readings."""

    text: str
    place: Place
    name: str | None
    today: date
    window: Window
    alternatives: tuple[Window, ...] = ()

    @property
    def shape(self) -> Shape:
        """Always `Shape.DATED`."""
        return Shape.DATED

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """None: which papers are found is not measured."""
        return ()


Question = AnswerableQuestion | UnanswerableQuestion | DatedQuestion


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of one file in their order; ``name`` is how tables call it."""

    name: str
    questions: tuple[Question, ...]
