"""A search as a reader sees it: papers, each with the sentence of its abstract that fits the query best."""

import asyncio
from dataclasses import dataclass

from assistant.library.filters import Filters
from assistant.library.records import LibraryPaper
from assistant.retrieval.relevance import relevant
from assistant.retrieval.search import Hit, HybridSearch
from assistant.retrieval.sentence_ranking import EvidenceRanker
from assistant.sentences import Sentence


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper that was found, and the sentence that fits the query best; None for an abstract without one."""

    hit: Hit
    sentence: Sentence | None

    @property
    def paper(self) -> LibraryPaper:
        """The paper."""
        return self.hit.paper


async def find_papers(
    search: HybridSearch, ranker: EvidenceRanker, query: str, filters: Filters, limit: int
) -> tuple[FoundPaper, ...]:
    """At most ``limit`` papers that fit the query, best first; none when no paper does. Raises `LibraryError`."""
    hits = relevant(await asyncio.to_thread(search.search, query, filters, limit))
    sentences = await asyncio.to_thread(ranker.best_sentences, query, [hit.paper.paper for hit in hits])
    found = ((hit, sentences.get(hit.paper.paper.paper_id)) for hit in hits)
    return tuple(FoundPaper(hit, best.sentence if best else None) for hit, best in found)
