"""The fields of a row of a question file, read with their types; what is wrong with one is said in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from assistant.papers import clean_text, parse_paper_id
from assistant.periods import Window
from assistant.text import nearest, quoted

Choice = TypeVar("Choice", bound=StrEnum)


class RowProblem(ValueError):
    """A row is not as its shape needs it; the message says what, in words for the reader."""


class RowFields:
    """The fields of a row, or of an object in it, whose key is then the ``place``.

    ``names`` are the known fields: a message names the one that an unknown field comes near.
    Every method raises `RowProblem` for a value of another type.
    """

    def __init__(self, fields: Mapping[str, object], names: tuple[str, ...] = (), place: str = "") -> None:
        self._fields = fields
        self._names = names
        self._place = f"{place}." if place else ""

    def has(self, key: str) -> bool:
        """Whether the field has a value."""
        return self._fields.get(key) is not None

    def names_key(self, key: str) -> bool:
        """Whether the field is there, be it null."""
        return key in self._fields

    def is_one_of(self, key: str, values: tuple[str, ...]) -> bool:
        """Whether the field has one of these values."""
        return self._fields.get(key) in values

    def text(self, key: str) -> str:
        """A text that says something."""
        value = self._fields.get(key)
        if value is None:
            raise self.problem(f"{self._place}{key} is missing", key)
        if not isinstance(value, str):
            raise RowProblem(f"{self._place}{key} is {type_name(value)}, not a text")
        if not (text := clean_text(value)):
            raise RowProblem(f"{self._place}{key} is empty")
        return text

    def optional_text(self, key: str) -> str | None:
        """A text; None where there is none. The ids of rows may be numbers."""
        value = self._fields.get(key)
        if key == "id" and isinstance(value, int):
            return str(value)
        return self.text(key) if value is not None and value != "" else None

    def choice(self, key: str, kinds: Iterable[Choice]) -> Choice:
        """One of some values of an enumeration."""
        value = self.text(key)
        kinds_by_name = {str(kind): kind for kind in kinds}
        if value not in kinds_by_name:
            raise RowProblem(f"{self._place}{key} is {quoted(value)}, none of {', '.join(kinds_by_name)}")
        return kinds_by_name[value]

    def paper_id(self, key: str) -> str:
        """The id of a paper, whatever its form."""
        return plain_id(self.text(key))

    def optional_paper_id(self, key: str) -> str | None:
        """The id of a paper; None where there is none."""
        return self.paper_id(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent one is empty."""
        for entry in (values := self._list(key)):
            if not isinstance(entry, str) or not clean_text(entry):
                raise RowProblem(f"{self._place}{key} holds {type_name(entry)} where a text should be")
        return tuple(clean_text(str(entry)) for entry in values)

    def paper_ids(self, key: str) -> tuple[str, ...]:
        """A list of ids of papers, each once; an absent one is empty."""
        return tuple(dict.fromkeys(plain_id(text) for text in self.texts(key)))

    def grades(self, key: str = "paper_ids") -> dict[str, int]:
        """The papers of a survey with their grades, those of grade 0 left out."""
        if not isinstance(self._fields.get(key), list):
            raise RowProblem(f"{self._place}{key} is {type_name(self._fields.get(key))}, not a list")
        grades: dict[str, int] = {}
        for entry in self._list(key):
            if not isinstance(entry, str | dict):
                raise RowProblem(f"{key} holds {type_name(entry)} where {{id, rel}} or a paper id should be")
            graded = RowFields({"id": entry, "rel": 1} if isinstance(entry, str) else entry)
            paper_id = graded.paper_id("id")
            grades[paper_id] = max(grades.get(paper_id, 0), graded.number("rel", f" in {key}"))
        relevant = {paper_id: grade for paper_id, grade in grades.items() if grade}
        if not relevant:
            raise RowProblem(f"{self._place}{key} names no paper that answers")
        return relevant

    def number(self, key: str, where: str = "") -> int:
        """A whole number from 0."""
        value = self._fields.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise RowProblem(f"{self._place}{key} is {'missing' if value is None else 'no whole number from 0'}{where}")
        return value

    def values(self, key: str) -> tuple[str, ...]:
        """A list of values of any type, as texts; an absent one is empty."""
        return tuple(str(value) for value in self._list(key))

    def inner(self, key: str, names: tuple[str, ...] = ()) -> "RowFields":
        """The fields of an object."""
        value = self._fields.get(key)
        if not isinstance(value, dict):
            actual = "missing" if value is None else f"{type_name(value)}, not an object"
            raise self.problem(f"{self._place}{key} is {actual}", key)
        return RowFields(
            {str(inner): inner_value for inner, inner_value in value.items()}, names, f"{self._place}{key}"
        )

    def inners(self, key: str) -> tuple["RowFields", ...]:
        """A list of objects; an absent one is empty."""
        return tuple(RowFields({key: value}).inner(key) for value in self._list(key))

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """Lists of texts by paper id; an absent object is empty."""
        if not self.has(key):
            return {}
        inner = self.inner(key)
        return {plain_id(name): inner.texts(name) for name in inner._fields}

    def is_object(self, key: str) -> bool:
        """Whether the field is an object."""
        return isinstance(self._fields.get(key), dict)

    def is_list(self, key: str) -> bool:
        """Whether the field is a list."""
        return isinstance(self._fields.get(key), list)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false; an absent one is the default."""
        value = self._fields.get(key, default)
        if not isinstance(value, bool):
            raise RowProblem(f"{self._place}{key} is {type_name(value)}, not true or false")
        return value

    def day(self, key: str) -> date | None:
        """A day, or None for null."""
        return _day(self._fields.get(key), key)

    def open_day(self, key: str) -> date | None:
        """A day, or None for null; the field itself must be there."""
        if key not in self._fields:
            raise self.problem(f"{key} is missing (null means an open end)", key)
        return self.day(key)

    def windows(self, key: str) -> tuple[Window, ...]:
        """A list of pairs of days; an absent one is empty."""
        value = self._fields.get(key)
        if value is None:
            return ()
        return tuple(_pair(pair, key) for pair in (value if isinstance(value, list) else [value]))

    def problem(self, message: str, expected_name: str | None = None) -> RowProblem:
        """The problem, with the field whose name is nearly a known one: " (is “paperid” paper_id?)"."""
        names = (expected_name,) if expected_name else self._names
        for key in self._fields:
            if key not in self._names and (near := nearest(key, names, 0.75)):
                return RowProblem(f"{message} (is {quoted(key)} {near}?)")
        return RowProblem(message)

    def _list(self, key: str) -> list[object]:
        value = self._fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise RowProblem(f"{self._place}{key} is {type_name(value)}, not a list")
        return value


def plain_id(text: str) -> str:
    """The id of a paper out of a link or an id with its version; another text as it is."""
    return parse_paper_id(text) or text


def ordered(window: Window, key: str) -> Window:
    """The window, unless it ends before it begins."""
    if window.since and window.until and window.since > window.until:
        raise RowProblem(f"{key}: {window.since} is after {window.until}")
    return window


def _pair(value: object, key: str) -> Window:
    if not isinstance(value, list) or len(value) != 2:
        raise RowProblem(f"{key} is not a list of pairs [from, to]")
    return ordered(Window(_day(value[0], key), _day(value[1], key)), key)


def _day(value: object, key: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day(value, key)
    except ValueError:
        return _no_day(value, key)


def _no_day(value: object, key: str) -> date:
    actual = quoted(value) if isinstance(value, str) else type_name(value)
    raise RowProblem(f"{key} is {actual}, not a day such as 2026-08-21") from None


def type_name(value: object) -> str:
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
