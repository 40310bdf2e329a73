"""The filters that a reader or a program may give: one table of names, texts and forms, for every front end.

The options of commands, the arguments of tools, the parameters of the Python API and the status of the chat are made
from it. How a filter selects papers stands in `assistant.library.filters`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from assistant.errors import UsageError
from assistant.library.filters import Filters
from assistant.papers import parse_paper_id
from assistant.periods import parse_day
from assistant.text import counted

Day = date | str
"""A day as a value or as text: 2026-08-21."""


class FilterOptions(TypedDict, total=False):
    """The filters as parameters of the Python API; the keys are those of `READER_FILTERS`."""

    since: Day | None
    until: Day | None
    organizations: Sequence[str] | None
    min_upvotes: int | None
    only: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class ReaderFilter:
    """A filter as it is given, and its value in words.

    ``name`` is its parameter in the API, ``argument`` that of tools, ``option`` that of commands (with its ``metavar``
    and ``help``); ``description`` is what a model reads. ``field`` is where `Filters` has the value that ``parse``
    makes. ``sentence`` tells which papers pass ("with 20 upvotes or more"), ``label`` the same in few signs. One that
    may be given ``several`` times has a sequence of texts; ``least`` is the smallest number of one that has a number.
    ``command`` sets it in the chat, by its ``command_argument``; without a ``noun`` there it filters nothing.
    """

    name: str
    field: str
    argument: str
    option: str
    metavar: str
    help: str
    description: str
    parse: Callable[[Any], object]
    sentence: Callable[[Any], str]
    label: Callable[[Any], str]
    several: bool = False
    least: int | None = None
    command: str = ""
    command_argument: str = ""
    noun: str = ""

    def read(self, text: str) -> object:
        """The value that a reader's text means; without text nothing is filtered. Raises `UsageError`."""
        if not text:
            return () if self.several else None
        if self.several:
            return self.parse((text,))
        if self.least is not None and not (text.isascii() and text.isdigit() and int(text) >= self.least):
            raise UsageError(f"{text[:40]!r} is not a valid number.", f"Give a whole number from {self.least} on.")
        return self.parse(text)

    @property
    def argument_type(self) -> Any:
        """The type of the argument of a tool."""
        if self.several:
            return list[str] | None
        return str | None if self.least is None else int | None


def day_of(day: Day | None) -> date | None:
    """The day that is meant. Raises `UsageError` for text that is none."""
    return parse_day(day) if isinstance(day, str) else day


def _paper_ids(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(_paper_id, names))


def _paper_id(text: str) -> str:
    paper_id = parse_paper_id(text)
    if paper_id is None:
        raise UsageError(f"{text!r} is no paper id or link.", "Give an arXiv id such as 2608.19880.")
    return paper_id


READER_FILTERS = (
    ReaderFilter(
        name="since",
        field="since",
        argument="since",
        option="--since",
        metavar="YYYY-MM-DD",
        help="Only papers listed on this day or after.",
        description="Only papers listed on this day or after, YYYY-MM-DD.",
        parse=day_of,
        sentence="listed since {}".format,
        label="since {}".format,
        command="since",
        command_argument="DATE",
        noun="day",
    ),
    ReaderFilter(
        name="until",
        field="until",
        argument="until",
        option="--until",
        metavar="YYYY-MM-DD",
        help="Only papers listed on this day or before.",
        description="Only papers listed on this day or before, YYYY-MM-DD.",
        parse=day_of,
        sentence="listed until {}".format,
        label="until {}".format,
        command="until",
        command_argument="DATE",
        noun="day",
    ),
    ReaderFilter(
        name="organizations",
        field="organizations",
        argument="organizations",
        option="--organization",
        metavar="NAME",
        help="Only papers of this organization.",
        description="Only papers of one of these organizations.",
        parse=tuple,
        sentence=lambda names: f"by {' or '.join(names)}",
        label=" or ".join,
        several=True,
        command="org",
        command_argument="NAME",
        noun="name",
    ),
    ReaderFilter(
        name="min_upvotes",
        field="min_upvotes",
        argument="min_upvotes",
        option="--min-upvotes",
        metavar="N",
        help="Only papers with N upvotes or more.",
        description="Only papers with at least so many upvotes.",
        parse=int,
        sentence="with {} upvotes or more".format,
        label="▲ ≥ {}".format,
        least=0,
        command="upvotes",
        command_argument="N",
        noun="number",
    ),
    ReaderFilter(
        name="only",
        field="paper_ids",
        argument="papers",
        option="--only",
        metavar="ID",
        help="Only this paper (id or link); may be repeated.",
        description="Only these papers, by arXiv id or link.",
        parse=_paper_ids,
        sentence=lambda _ids: "chosen one by one",
        label=lambda ids: f"{counted(len(ids), 'paper')} only",
        several=True,
    ),
)
"""In the order in which options and arguments are listed."""


def parse_filters(options: FilterOptions | Mapping[str, object]) -> Filters:
    """The filters that options mean, by the names of `READER_FILTERS`; None and an empty sequence filter nothing.

    Raises `UsageError` for a day or an id that is none, and for days in the wrong order.
    """
    values: dict[str, Any] = {}
    for each in READER_FILTERS:
        value = options.get(each.name)
        if value is not None and (value or not each.several):
            values[each.field] = each.parse(value)
    filters = Filters(**values)
    require_ordered(filters, "Swap the two days.")
    return filters


def require_ordered(filters: Filters, remedy: str) -> None:
    """Raise `UsageError` for days in the wrong order."""
    if filters.since and filters.until and filters.since > filters.until:
        raise UsageError(f"The first day, {filters.since}, is after the last one, {filters.until}.", remedy)


def filter_sentences(filters: Filters) -> list[str]:
    """Which papers pass the given filters: "listed since 2026-08-21", "with 20 upvotes or more"."""
    return [each.sentence(value) for each, value in _active_filters(filters)]


def filter_labels(filters: Filters) -> list[str]:
    """The given filters in few signs: "since 2026-08-21", "▲ ≥ 20"."""
    return [each.label(value) for each, value in _active_filters(filters)]


def _active_filters(filters: Filters) -> list[tuple[ReaderFilter, Any]]:
    values = ((each, getattr(filters, each.field)) for each in READER_FILTERS)
    return [(each, value) for each, value in values if value is not None and value != ()]
