"""A query plan: what a question about the collection asks the tables for, from rules and from models alike."""

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.library import Filters, LinkKind

RANKED = 10
"""Papers of a ranking that names no number."""


class Asks(StrEnum):
    """What a plan asks for."""

    PAPERS = "papers"
    COUNT = "count"
    AUTHORS = "authors"
    ORGANIZATION = "organization"
    LINKS = "links"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    DAY = "day"
    TOP_AUTHORS = "top authors"
    TOP_ORGANIZATIONS = "top organizations"


OF_A_PAPER = frozenset({Asks.AUTHORS, Asks.ORGANIZATION, Asks.LINKS, Asks.UPVOTES, Asks.COMMENTS, Asks.DAY})
"""What is asked of papers that the question names."""


class PlanOrder(StrEnum):
    """The order of the papers; those that lack the day or the count come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    UPVOTES = "upvotes"
    COMMENTS = "comments"


class NameKind(StrEnum):
    """What a name in a question is a name of."""

    AUTHOR = "author"
    ORGANIZATION = "organization"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class UnclearName:
    """A name that nobody here has, or too many: as it was written, who may be meant, and how many have it."""

    kind: NameKind
    written: str
    nearest: tuple[str, ...] = ()
    bearers: int = 0


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What to read from the tables: the papers that pass ``filters``, or the ``named`` ones, and what of them.

    ``limit`` None takes all. With ``first_place`` only the papers that share the first place are meant; with
    ``shared_first`` they are when more than one does ("which papers were commented most?"). ``name`` is how the
    question calls the named papers: several are namesakes. An ``unclear`` name keeps the plan from being carried out.
    ``language`` is that of the question (ISO 639-1).
    """

    asks: Asks
    filters: Filters = field(default_factory=Filters)
    order: PlanOrder = PlanOrder.NEWEST
    limit: int | None = None
    first_place: bool = False
    shared_first: bool = False
    link: LinkKind | None = None
    named: tuple[str, ...] = ()
    name: str = ""
    authors: tuple[str, ...] = ()
    unclear: tuple[UnclearName, ...] = ()
    language: str = "en"
