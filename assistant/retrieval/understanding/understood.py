"""A question as it is understood: what is searched for, and which papers may answer."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.library.filters import Filters


class FilterKind(StrEnum):
    """What a filter that was read out of a question is about."""

    DATES = "dates"
    ORGANIZATIONS = "organizations"
    UPVOTES = "upvotes"


@dataclass(frozen=True, slots=True)
class FoundFilter:
    """A filter in the words of the question, as they stand there, and as it is shown ("2025-03-01 to 2026-08-21")."""

    kind: FilterKind
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, what is searched for it, and the filters: the given ones, narrowed by those of its own words.

    ``query`` is the question without words that became filters; it may be empty ("the newest papers"). ``newest``
    asks for the latest papers first.
    """

    question: str
    query: str
    filters: Filters
    found: tuple[FoundFilter, ...] = ()
    newest: bool = False
