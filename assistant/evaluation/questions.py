"""Questions to measure with, as values: what is asked, and what is known of the right answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.answering import Verdict
from assistant.periods import Window


class Shape(StrEnum):
    """What a question asks for; told by the fields of its row."""

    KNOWN_ITEM = "known_item"
    SURVEY = "multi"
    COMPARISON = "compare"
    UNANSWERABLE = "unanswerable"
    DATED = "dated"
    CLAIM = "claims"
    NATURAL = "natural"


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


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A sentence about papers, and a strict reader's verdict on it; ``kind`` says in what way it is true or not."""

    text: str
    place: Place
    name: str | None
    paper_ids: tuple[str, ...]
    label: Verdict
    kind: str | None = None

    @property
    def shape(self) -> Shape:
        """Always `Shape.CLAIM`."""
        return Shape.CLAIM


class NaturalType(StrEnum):
    """What a question asks for that is put as people type it."""

    ABOUT_NAMED = "about_named"
    NEED = "need"
    EXACT_WORD = "exact_word"
    LIST_TABLE = "list_table"
    COMPARE_NAMED = "compare_named"
    FOLLOW_UP = "follow_up"
    UNANSWERABLE = "unanswerable"
    OTHER_LANGUAGE = "other_language"


class TableKind(StrEnum):
    """What a question on the collection is answered with."""

    PAPERS = "papers"
    RANKING = "ranking"
    NUMBER = "number"
    AUTHORS = "authors"
    LINK = "link"
    ORGANIZATION = "organization"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Listing:
    """Papers in order, best first, of which those with equal ``values`` may change places.

    ``may_join`` may stand beside them; those of ``tied_with_last`` in the place of the last one.
    """

    paper_ids: tuple[str, ...]
    values: tuple[str, ...] = ()
    may_join: tuple[str, ...] = ()
    tied_with_last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedTable:
    """The right table: one of the ``listings`` (the first, or another fair reading), a number, names or a link."""

    kind: TableKind
    listings: tuple[Listing, ...] = ()
    number: int | None = None
    names: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an abstract that a good answer uses or cites; ``paper_id`` None where any of its papers may do."""

    paper_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of the right outcome.

    ``paper_ids`` are the papers that the answer is about, ``relevant`` those that should be among the first ``within``
    (by grade), ``may_join`` further right ones. ``refuse`` wants a refusal, which names ``closest``; ``partly`` an
    answer that says what is absent. ``confusable`` are namesakes that must not be described instead. ``names`` are
    people whom the answer names.
    """

    refuse: bool = False
    partly: bool = False
    paper_ids: tuple[str, ...] = ()
    relevant: Mapping[str, int] = field(default_factory=dict)
    may_join: tuple[str, ...] = ()
    within: int = 10
    passages: tuple[Passage, ...] = ()
    names: tuple[str, ...] = ()
    closest: str | None = None
    confusable: tuple[str, ...] = ()
    language: str | None = None
    table: ExpectedTable | None = None


@dataclass(frozen=True, slots=True)
class NaturalQuestion:
    """A question as people type it, with its right outcome; ``before`` are the earlier questions of a conversation."""

    text: str
    place: Place
    name: str | None
    type: NaturalType
    expected: Expected
    today: date | None = None
    before: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """Always `Shape.NATURAL`."""
        return Shape.NATURAL

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The papers that a right outcome needs; of a need all that are relevant."""
        expected = self.expected
        listed = expected.table.listings[0].paper_ids if expected.table and expected.table.listings else ()
        closest = (expected.closest,) if expected.closest else ()
        return tuple(dict.fromkeys((*expected.paper_ids, *expected.relevant, *closest, *listed)))


Question = AnswerableQuestion | UnanswerableQuestion | DatedQuestion | LabelledClaim | NaturalQuestion


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of one file in their order; ``name`` is how tables call it."""

    name: str
    questions: tuple[Question, ...]
