"""One row of a question file: its shape, told by its fields, and its values, each of which must be of its type.

The shapes, with further fields left alone:

- known item: ``question``, ``paper_id`` [, ``kind``, ``answer``, ``gold_quote``, ``also`` (ids that count as well)]
- survey: ``question``, ``paper_ids`` as [{``id``, ``rel`` (2 directly, 1 partly, 0 not)}], or as ids that count alike
- comparison: ``question``, ``paper_ids`` as ids, ``aspects``
- unanswerable: ``question``, ``kind`` near, absent or off [, ``paper_id``], or any kind without a paper
- dated: ``question``, ``today``, ``from``, ``to`` (YYYY-MM-DD; null is open) [, ``alt`` as [[from, to]]]
"""

from collections.abc import Mapping
from datetime import date

from assistant.evaluation.questions import (
    AnswerableQuestion,
    DatedQuestion,
    Place,
    Question,
    Shape,
    UnanswerableQuestion,
    Window,
)
from assistant.feeds.json_values import quoted
from assistant.papers import clean_text, parse_paper_id
from assistant.text import nearest

UNANSWERABLE_KINDS = ("near", "absent", "off")
_NAMES = ("question", "paper_id", "paper_ids", "kind", "today", "from", "to", "alt", "aspects", "answer", "also")


class RowProblem(ValueError):
    """A row is not as its shape needs it; the message says what, in words for the reader."""


def parse_row(row: object, place: Place) -> Question:
    """The question of a row.

    Raises:
        RowProblem: a field is missing or of the wrong type.
    """
    if not isinstance(row, dict):
        raise RowProblem(f"{_type_name(row)} where an object with a question should be")
    fields = _Fields({str(key): value for key, value in row.items()})
    text, name = fields.text("question"), fields.optional_text("id")
    match fields.shape():
        case Shape.KNOWN_ITEM:
            ids = (fields.paper_id("paper_id"), *fields.texts("also"))
            return AnswerableQuestion(
                text, place, name, Shape.KNOWN_ITEM, {_id(one): 1 for one in ids}, kind=fields.optional_text("kind"),
                answer=fields.optional_text("answer"), gold_quote=fields.optional_text("gold_quote"),
            )  # fmt: skip
        case Shape.SURVEY:
            return AnswerableQuestion(text, place, name, Shape.SURVEY, fields.grades())
        case Shape.COMPARISON:
            ids, aspects = fields.texts("paper_ids"), fields.texts("aspects")
            grades = {_id(one): 1 for one in ids}
            if len(grades) < 2:
                raise RowProblem("paper_ids of a comparison need two papers or more")
            return AnswerableQuestion(
                text, place, name, Shape.COMPARISON, grades, answer=fields.optional_text("answer"), aspects=aspects
            )
        case Shape.UNANSWERABLE:
            near = fields.paper_id("paper_id") if fields.has("paper_id") else None
            return UnanswerableQuestion(text, place, name, fields.text("kind"), near)
        case Shape.DATED:
            today, window = fields.day("today"), Window(fields.open_day("from"), fields.open_day("to"))
            if today is None:
                raise RowProblem("today is missing")
            return DatedQuestion(text, place, name, today, _ordered(window, "from and to"), fields.windows("alt"))


class _Fields:
    """The fields of a row, read with their types."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def has(self, key: str) -> bool:
        return self._fields.get(key) is not None

    def shape(self) -> Shape:
        """The shape that the fields mean."""
        if self.has("paper_ids"):
            return Shape.COMPARISON if self.has("aspects") else Shape.SURVEY
        if self._fields.get("kind") in UNANSWERABLE_KINDS:
            return Shape.UNANSWERABLE
        if self.has("paper_id"):
            return Shape.KNOWN_ITEM
        if self.has("today") or "from" in self._fields or "to" in self._fields:
            return Shape.DATED
        if self.has("kind"):
            return Shape.UNANSWERABLE
        raise RowProblem("a question needs paper_id, paper_ids, kind, or today with from and to" + self._nearest())

    def text(self, key: str) -> str:
        """A text that says something."""
        value = self._fields.get(key)
        if value is None:
            raise RowProblem(f"{key} is missing{self._nearest(key)}")
        if not isinstance(value, str):
            raise RowProblem(f"{key} is {_type_name(value)}, not a text")
        if not (text := clean_text(value)):
            raise RowProblem(f"{key} is empty")
        return text

    def optional_text(self, key: str) -> str | None:
        """A text; None where there is none. The ids of rows may be numbers."""
        value = self._fields.get(key)
        if key == "id" and isinstance(value, int):
            return str(value)
        return self.text(key) if value is not None and value != "" else None

    def paper_id(self, key: str) -> str:
        return _id(self.text(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent one is empty."""
        value = self._fields.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise RowProblem(f"{key} is {_type_name(value)}, not a list")
        for entry in value:
            if not isinstance(entry, str) or not clean_text(entry):
                raise RowProblem(f"{key} holds {_type_name(entry)} where a text should be")
        return tuple(clean_text(entry) for entry in value)

    def grades(self) -> dict[str, int]:
        """The papers of a survey with their grades, those of grade 0 left out."""
        value = self._fields.get("paper_ids")
        if not isinstance(value, list):
            raise RowProblem(f"paper_ids is {_type_name(value)}, not a list")
        grades: dict[str, int] = {}
        for entry in value:
            one = _Fields({"id": entry, "rel": 1} if isinstance(entry, str) else _object(entry, "paper_ids"))
            paper_id = one.paper_id("id")
            grades[paper_id] = max(grades.get(paper_id, 0), one.grade("rel"))
        relevant = {paper_id: grade for paper_id, grade in grades.items() if grade}
        if not relevant:
            raise RowProblem("paper_ids names no paper that answers")
        return relevant

    def grade(self, key: str) -> int:
        value = self._fields.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise RowProblem(f"{key} is {'missing' if value is None else 'no whole number from 0'} in paper_ids")
        return value

    def day(self, key: str) -> date | None:
        return _day(self._fields.get(key), key)

    def open_day(self, key: str) -> date | None:
        """A day, or None for null; the field itself must be there."""
        if key not in self._fields:
            raise RowProblem(f"{key} is missing (null means an open end){self._nearest(key)}")
        return self.day(key)

    def windows(self, key: str) -> tuple[Window, ...]:
        """A list of pairs of days; an absent one is empty."""
        value = self._fields.get(key)
        if value is None:
            return ()
        return tuple(_pair(pair, key) for pair in (value if isinstance(value, list) else [value]))

    def _nearest(self, wanted: str | None = None) -> str:
        """A field whose name is nearly a known one: " (is “paperid” paper_id?)"."""
        names = (wanted,) if wanted else _NAMES
        for key in self._fields:
            if key not in _NAMES and (near := nearest(key, names, 0.75)):
                return f" (is {quoted(key)} {near}?)"
        return ""


def _object(value: object, key: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise RowProblem(f"{key} holds {_type_name(value)} where {{id, rel}} or a paper id should be")
    return value


def _pair(value: object, key: str) -> Window:
    if not isinstance(value, list) or len(value) != 2:
        raise RowProblem(f"{key} is not a list of pairs [from, to]")
    return _ordered(Window(_day(value[0], key), _day(value[1], key)), key)


def _id(text: str) -> str:
    return parse_paper_id(text) or text


def _day(value: object, key: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day(value, key)
    except ValueError:
        return _no_day(value, key)


def _no_day(value: object, key: str) -> date:
    shown = quoted(value) if isinstance(value, str) else _type_name(value)
    raise RowProblem(f"{key} is {shown}, not a day such as 2026-08-21") from None


def _ordered(window: Window, key: str) -> Window:
    if window.since and window.until and window.since > window.until:
        raise RowProblem(f"{key}: {window.since} is after {window.until}")
    return window


def _type_name(value: object) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text" if value.strip() else "an empty text"
        case list():
            return "a list"
        case _:
            return "an object"
