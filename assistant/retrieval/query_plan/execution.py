"""Plans carried out: what the tables of the library answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.library import Collection as Tables
from assistant.library import (
    Filters,
    PaperLinks,
    PaperRow,
    PaperRowQueries,
    RowOrder,
    StoredPaper,
    paper_links,
    whole_words,
)
from assistant.retrieval.query_plan.plan import OF_A_PAPER, RANKED, Asks, PlanOrder, QueryPlan
from assistant.sentences import Sentence, split_sentences

MOST_ROWS = 100
"""Papers that one answer lists; it says how many there are beside them."""
_ORDERS = {
    PlanOrder.NEWEST: RowOrder.NEWEST,
    PlanOrder.OLDEST: RowOrder.NEWEST,
    PlanOrder.UPVOTES: RowOrder.UPVOTES,
    PlanOrder.COMMENTS: RowOrder.COMMENTS,
}


class TableLibrary(Protocol):
    """What plans read."""

    @property
    def browsing(self) -> PaperRowQueries:
        """Papers as rows."""
        ...

    @property
    def collection(self) -> Tables:
        """Who wrote what."""
        ...

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids."""
        ...

    def matching_ids(self, filters: Filters) -> frozenset[str] | None:
        """The ids of all papers that pass the filters."""
        ...

    def days(self) -> Collection[date]:
        """The days that have papers."""
        ...


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A paper of an answer from the tables.

    ``place`` is its rank, from 1; equal counts share one, and without a ranking it is None. ``sentence`` has the word
    that was looked up.
    """

    paper: StoredPaper
    links: PaperLinks
    place: int | None = None
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class CollectionResult:
    """What the tables say to a plan.

    ``total`` papers pass its filters, of which ``rows`` are those that it wants, at most `MOST_ROWS`; ``shared`` have
    the first place. ``writers`` are names with their numbers of papers, for plans that ask who wrote most.
    ``nearest_day`` has papers where the days that were asked for have none.
    """

    plan: QueryPlan
    total: int = 0
    rows: tuple[CollectionRow, ...] = ()
    writers: tuple[tuple[str, int], ...] = ()
    shared: int = 0
    nearest_day: date | None = None

    @property
    def answers(self) -> bool:
        """Whether there is something to tell; that there are no papers is it where their number was asked for."""
        return bool(self.rows or self.writers or (self.plan.asks is Asks.COUNT and not self.plan.unclear))


def carry_out(plan: QueryPlan, library: TableLibrary) -> CollectionResult:
    """Read what a plan asks for; blocks."""
    if plan.unclear:
        return CollectionResult(plan)
    if plan.asks in OF_A_PAPER:
        papers = library.get(plan.named)
        return CollectionResult(plan, len(papers), tuple(CollectionRow(paper, _links(paper)) for paper in papers))
    if plan.asks in {Asks.TOP_AUTHORS, Asks.TOP_ORGANIZATIONS}:
        return _top_writers(plan, library)
    rows = _sorted(library.browsing.rows(plan.filters, _ORDERS[plan.order]), plan.order)
    places = _places(rows, plan.order)
    shared = places.count(1)
    limit = len(rows) if plan.limit is None else plan.limit
    if plan.asks is Asks.COUNT and limit > MOST_ROWS:
        limit = RANKED
    if plan.first_place or (plan.shared_first and shared > 1):
        limit = shared
    ids = [row.paper_id for row in rows[: min(limit, MOST_ROWS)]]
    ranked = plan.order in {PlanOrder.UPVOTES, PlanOrder.COMMENTS}
    listed = tuple(
        CollectionRow(paper, _links(paper), place if ranked else None, _sentence_with(paper, plan.filters.words))
        for paper, place in zip(library.get(ids), places, strict=False)
    )
    nearest = None if listed else _nearest_day(plan.filters, library)
    return CollectionResult(plan, len(rows), listed, shared=shared if ranked else 0, nearest_day=nearest)


def _top_writers(plan: QueryPlan, library: TableLibrary) -> CollectionResult:
    allowed = library.matching_ids(plan.filters)
    ids = frozenset(row.paper_id for row in library.browsing.rows()) if allowed is None else allowed
    tables = library.collection
    counted = tables.authors().of_papers(ids) if plan.asks is Asks.TOP_AUTHORS else tables.organizations_of(ids)
    nearest = None if ids else _nearest_day(plan.filters, library)
    return CollectionResult(plan, len(ids), writers=tuple(counted[: plan.limit]), nearest_day=nearest)


def _sorted(rows: list[PaperRow], order: PlanOrder) -> list[PaperRow]:
    """The rows in the plan's order; what has no such count is in no ranking."""
    match order:
        case PlanOrder.NEWEST:
            return rows
        case PlanOrder.OLDEST:
            return sorted(rows, key=lambda row: row.day or date.max)
        case _:
            return [row for row in rows if _measure(row, order) is not None]


def _measure(row: PaperRow, order: PlanOrder) -> int | date | None:
    match order:
        case PlanOrder.UPVOTES:
            return row.upvotes
        case PlanOrder.COMMENTS:
            return row.comments
        case _:
            return row.day


def _places(rows: Sequence[PaperRow], order: PlanOrder) -> list[int]:
    """The rank of each row, from 1; equal ones share it."""
    measures = [_measure(row, order) for row in rows]
    places: list[int] = []
    for number, measure in enumerate(measures, start=1):
        same = places and measure == measures[number - 2]
        places.append(places[-1] if same else number)
    return places


def _links(paper: StoredPaper) -> PaperLinks:
    return paper_links(paper.paper.github, paper.paper.project_page, paper.abstract)


def _sentence_with(paper: StoredPaper, phrases: Sequence[str]) -> Sentence | None:
    patterns = [whole_words(phrase) for phrase in phrases]
    sentences = split_sentences(paper.abstract) if patterns else []
    return next((s for s in sentences if any(pattern.search(s.text) for pattern in patterns)), None)


def _nearest_day(filters: Filters, library: TableLibrary) -> date | None:
    """The day with papers that is nearest to days without any."""
    first, last = filters.since or filters.until, filters.until or filters.since
    if first is None or last is None or any(first <= day <= last for day in library.days()):
        return None
    return min(library.days(), key=lambda day: min(abs(day - first), abs(day - last)), default=None)
