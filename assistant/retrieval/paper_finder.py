"""From a question as it was typed to papers: days and names are read out of it, then it is searched."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol

from assistant.arxiv_ids import find_paper_ids, without_id_mentions
from assistant.errors import NothingFound
from assistant.language import in_english, language_of
from assistant.library import Collection as Tables
from assistant.library import Filters, LexicalPaperIndex, PaperRowQueries, RowOrder, StoredPaper
from assistant.retrieval.query.parser import LONGEST_QUESTION, FilterKind, ParsedQuery, parse_query
from assistant.retrieval.query_plan.execution import CollectionResult, carry_out
from assistant.retrieval.query_plan.json_plan import plan_from_json
from assistant.retrieval.query_plan.names import NameResolver
from assistant.retrieval.query_plan.plan import QueryPlan
from assistant.retrieval.query_plan.rules import sounds_like_plan
from assistant.retrieval.query_plan.understood import understand_plan, understood_plan
from assistant.retrieval.search import Hit
from assistant.retrieval.term_weights import IdfWeights

_CANDIDATES_BY_DATE = 2
"""So many times the papers wanted are searched and sorted by date; further down they are about something else."""


class PaperSearch(Protocol):
    """What finds papers for a text."""

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first."""
        ...


class BrowsableLibrary(Protocol):
    """What lists papers without a search, and knows who writes them."""

    @property
    def browsing(self) -> PaperRowQueries:
        """The papers as lists."""
        ...

    @property
    def collection(self) -> Tables:
        """Who wrote what."""
        ...

    def days(self) -> Collection[date]:
        """The days that have papers."""
        ...

    def newest_day(self) -> date | None:
        """The last day that has papers."""
        ...

    def find_by_title(self, text: str, limit: int = 10) -> list[StoredPaper]:
        """Papers by what is remembered of their titles."""
        ...

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids."""
        ...

    def matching_ids(self, filters: Filters) -> frozenset[str] | None:
        """The ids of all papers that pass the filters; None when nothing is filtered."""
        ...

    def organizations(self) -> Collection[str]:
        """The organizations that papers come from."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A question with what surrounds it: filters given beside it, kinds of filters not to be read out of it.

    ``today`` is the day that "last week" is counted from; None takes the present one, in UTC. ``english`` is a
    translation of the question; without one its words are looked up.
    """

    question: str
    explicit_filters: Filters
    ignored: Collection[FilterKind] = ()
    today: date | None = None
    english: str | None = None


class PaperRetriever:
    """Finds papers for questions; without a library nothing is listed and no organization is known."""

    def __init__(self, search: PaperSearch, library: BrowsableLibrary | None = None) -> None:
        self.search = search
        self._library = library

    async def parse_query(self, request: QueryRequest) -> ParsedQuery:
        """What the question's own words ask for beside its subject.

        Where it names papers by id or link there is nothing to narrow: a date in it is no filter.
        """
        language = language_of(request.question)
        english = request.english or in_english(request.question, language)
        if self._library and (named := _named_in(request.question)):
            understood = ParsedQuery(english, without_id_mentions(english), request.explicit_filters, named=named)
        else:
            today = request.today or datetime.now(UTC).date()
            organizations = await asyncio.to_thread(self._library.organizations) if self._library else ()
            understood = parse_query(
                english,
                today=today,
                organizations=organizations,
                explicit_filters=request.explicit_filters,
                ignored=frozenset(request.ignored),
            )
        return replace(understood, question=request.question, language=language, english=english)

    def plan(self, request: QueryRequest) -> ParsedQuery | None:
        """A question about the collection with its plan; None for any other question. Reads the library and blocks."""
        if self._library is None or FilterKind.PLAN in request.ignored:
            return None
        today = request.today or datetime.now(UTC).date()
        return understand_plan(request.question, today, request.explicit_filters, request.ignored, self._library)

    def sounds_like_plan(self, request: QueryRequest) -> bool:
        """Whether a question has words that ask about the collection, so that a model may be asked for its plan."""
        return (
            self._library is not None and FilterKind.PLAN not in request.ignored and sounds_like_plan(request.question)
        )

    def plan_from_json(self, text: str, request: QueryRequest) -> ParsedQuery | None:
        """A question with the plan that a model wrote; None where it wrote that there is none. Blocks.

        Raises `InvalidPlan`.
        """
        if self._library is None:
            return None
        plan = plan_from_json(text, request.question, NameResolver(self._library))
        return understood_plan(request.question, plan, request.explicit_filters, request.ignored) if plan else None

    async def find(self, understood: ParsedQuery, limit: int) -> list[Hit]:
        """At most ``limit`` papers, best first; the newest first when these are asked for.

        A question that is nothing but filters ("the newest of last week") lists what passes them, most upvotes first.
        Raises `NothingFound` when there is none, naming the filters that were read out of the question.
        """
        query, filters = understood.query.strip(), understood.filters
        if understood.named:
            hits = [Hit(paper, score=1.0) for paper in await self.named(understood)]
        elif not any(map(str.isalnum, understood.question)):
            hits = []
        elif not query and self._library is not None:
            hits = await asyncio.to_thread(self._listed, self._library, understood, limit)
        elif understood.newest:
            candidates = await self.search.search_async(query, filters, _CANDIDATES_BY_DATE * limit)
            hits = sorted(candidates, key=lambda hit: hit.paper.day or date.min, reverse=True)[:limit]
        else:
            hits = await self.search.search_async(query or understood.english or understood.question, filters, limit)
        if not hits:
            raise NothingFound("No paper of the library fits the question.", _remedy(understood))
        return hits

    async def named(self, understood: ParsedQuery) -> list[StoredPaper]:
        """The papers that the question names by id, in its order.

        Raises `NothingFound` when the library lacks one of them, or a filter that was given leaves one out.
        """
        if self._library is None:
            return []
        papers = await asyncio.to_thread(self._library.get, understood.named)
        known_ids = {paper.paper_id for paper in papers}
        if missing := [paper_id for paper_id in understood.named if paper_id not in known_ids]:
            raise _not_here(missing)
        allowed = await asyncio.to_thread(self._library.matching_ids, understood.filters)
        if allowed is not None and (outside := sorted(known_ids - allowed)):
            raise NothingFound(
                f"The filters leave out {', '.join(outside)}, which the question names.", "Ask without the filters."
            )
        return papers

    async def read_tables(self, plan: QueryPlan) -> CollectionResult:
        """What the tables of the library say to a plan; without a library nothing."""
        if self._library is None:
            return CollectionResult(plan)
        return await asyncio.to_thread(carry_out, plan, self._library)

    async def weights(self, text: str) -> IdfWeights | None:
        """How rare the words of a text are in the library; None without one."""
        if self._library is None:
            return None
        frequencies, papers = await asyncio.to_thread(self._library.lexical_index().document_frequencies, text)
        return IdfWeights(Counter(frequencies), papers)

    def _listed(self, library: BrowsableLibrary, understood: ParsedQuery, limit: int) -> list[Hit]:
        order = RowOrder.NEWEST if understood.newest else RowOrder.UPVOTES
        rows = library.browsing.rows(understood.filters, order)[:limit]
        return [Hit(paper, score=1.0) for paper in library.get([row.paper_id for row in rows])]


def _named_in(question: str) -> tuple[str, ...]:
    """The ids in a question; those of a text that was pasted whole are its references."""
    return find_paper_ids(question) if len(question) <= LONGEST_QUESTION else ()


def _not_here(paper_ids: Sequence[str]) -> NothingFound:
    flags = " ".join(f"--arxiv {paper_id}" for paper_id in paper_ids)
    is_not, it = ("is not", "it") if len(paper_ids) == 1 else ("are not", "them")
    return NothingFound(f"{', '.join(paper_ids)} {is_not} in the library.", f"`assistant sync {flags}` brings {it}.")


def _remedy(understood: ParsedQuery) -> str:
    if not understood.found:
        return "Run `assistant sync`, or widen the filters."
    labels = ", ".join(extracted.label for extracted in understood.found)
    return f"Read out of the question: {labels}. Ask without it, or run `assistant sync`."
