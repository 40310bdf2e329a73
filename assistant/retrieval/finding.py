"""From a question as it was typed to papers: days and names are read out of it, then it is searched."""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from assistant.errors import NothingFound
from assistant.library.browsing import Browsing, RowOrder
from assistant.library.filters import Filters
from assistant.library.indexes import LexicalPaperIndex
from assistant.library.values import LibraryPaper
from assistant.retrieval.lexical_overlap import WordWeights
from assistant.retrieval.search import Hit
from assistant.retrieval.understanding.understood import FilterKind, Understood, understand

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
    def browsing(self) -> Browsing:
        """The papers as lists."""
        ...

    def get(self, paper_ids: Sequence[str]) -> list[LibraryPaper]:
        """The papers in the order of their ids."""
        ...

    def organizations(self) -> Collection[str]:
        """The organizations that papers come from."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what surrounds it: filters given beside it, kinds of filters not to be read out of it.

    ``today`` is the day that "last week" is counted from; None takes the present one, in UTC.
    """

    question: str
    given: Filters
    ignored: Collection[FilterKind] = ()
    today: date | None = None


class PaperFinder:
    """Finds papers for questions; without a library nothing is listed and no organization is known."""

    def __init__(self, search: PaperSearch, library: BrowsableLibrary | None = None) -> None:
        self.search = search
        self._library = library

    async def understand(self, asked: Asked) -> Understood:
        """What the question's own words ask for beside its subject."""
        today = asked.today or datetime.now(UTC).date()
        known = await asyncio.to_thread(self._library.organizations) if self._library else ()
        return understand(
            asked.question, today=today, organizations=known, given=asked.given, ignored=frozenset(asked.ignored)
        )

    async def find(self, understood: Understood, limit: int) -> list[Hit]:
        """At most ``limit`` papers, best first; the newest first when these are asked for.

        A question that is nothing but filters ("the newest of last week") lists what passes them, most upvotes first.
        Raises `NothingFound` when there is none, naming the filters that were read out of the question.
        """
        query, filters = understood.query.strip(), understood.filters
        if not any(map(str.isalnum, understood.question)):
            hits = []
        elif not query and self._library is not None:
            hits = await asyncio.to_thread(self._listed, self._library, understood, limit)
        elif understood.newest:
            candidates = await self.search.search_async(query, filters, _CANDIDATES_BY_DATE * limit)
            hits = sorted(candidates, key=lambda hit: hit.paper.day or date.min, reverse=True)[:limit]
        else:
            hits = await self.search.search_async(query or understood.question, filters, limit)
        if not hits:
            raise NothingFound("No paper of the library fits the question.", _remedy(understood))
        return hits

    async def weights(self, text: str) -> WordWeights | None:
        """How rare the words of a text are in the library; None without one."""
        if self._library is None:
            return None
        frequencies, papers = await asyncio.to_thread(self._library.lexical_index().document_frequencies, text)
        return WordWeights(Counter(frequencies), papers)

    def _listed(self, library: BrowsableLibrary, understood: Understood, limit: int) -> list[Hit]:
        order = RowOrder.NEWEST if understood.newest else RowOrder.UPVOTES
        rows = library.browsing.rows(understood.filters, order)[:limit]
        return [Hit(paper, score=1.0) for paper in library.get([row.paper_id for row in rows])]


def _remedy(understood: Understood) -> str:
    if not understood.found:
        return "Run `assistant sync`, or widen the filters."
    labels = ", ".join(found.label for found in understood.found)
    return f"Read out of the question: {labels}. Ask without it, or run `assistant sync`."
