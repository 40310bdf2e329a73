"""Hybrid search: papers for a free text, by words and by vectors, under hard filters."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.library.filters import Filters
from assistant.library.indexes import DensePaperIndex, Embedder, LexicalPaperIndex
from assistant.library.values import LibraryPaper
from assistant.papers import clean_text, find_paper_ids
from assistant.retrieval.fusion import fuse
from assistant.retrieval.titles import has_name, title_likeness

_NAME_BOOST = 0.2
"""What a paper gains when the query has its name (measured: benchmarks/retrieval.py)."""
_TITLE_CANDIDATES = 20
"""Leading lexical hits whose titles are held against the query: every title of 11,028 finds its paper among them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found. ``score`` is 0..1 within one search, 1 for a paper that the query names by id or title.

    ``lexical`` is BM25, ``dense`` the cosine similarity; None where that side did not return the paper.
    """

    paper: LibraryPaper
    score: float
    lexical: float | None = None
    dense: float | None = None


class SearchableLibrary(Protocol):
    """What search needs of the library."""

    def get(self, paper_ids: Sequence[str]) -> list[LibraryPaper]:
        """The papers in the order of their ids; unknown ids are left out."""
        ...

    def matching_ids(self, filters: Filters) -> frozenset[str] | None:
        """The ids of all papers that pass the filters; None when nothing is filtered."""
        ...

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        ...

    def dense_index(self) -> DensePaperIndex:
        """The index of vectors."""
        ...


class HybridSearch:
    """Search over a library; without an embedder by words alone.

    ``dense_weight`` (0..1) is the share of the dense side, ``candidates`` what each side contributes at most.
    """

    def __init__(
        self,
        library: SearchableLibrary,
        embedder: Embedder | None,
        *,
        dense_weight: float = 0.4,
        candidates: int = 100,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._dense_weight = dense_weight
        self._candidates = candidates

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """`search` in a thread."""
        return await asyncio.to_thread(self.search, query, filters, limit)

    def search(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first.

        Papers that the query names come first for certain: by arXiv id or link, in the order of the query, then by
        title. Any text may be given; one without a letter or digit finds nothing. Raises `LibraryError` when an
        index cannot be used, `AssetError` when the embedder cannot.
        """
        query = clean_text(query)
        allowed = self._library.matching_ids(filters)
        ids = [paper_id for paper_id in find_paper_ids(query) if allowed is None or paper_id in allowed]
        text = " ".join(token for token in query.split() if not find_paper_ids(token))
        lexical, dense = self._both_sides(text, allowed, max(self._candidates, limit))
        fused = fuse(lexical, dense, self._dense_weight)
        titles = {
            found.paper.paper_id: found.paper.title for found in self._library.get(list(lexical)[:_TITLE_CANDIDATES])
        }
        scores = dict.fromkeys([*ids, *_titled(text, titles)], 1.0)
        scores |= {paper_id: score for paper_id, score in _boosted(text, titles, fused) if paper_id not in scores}
        return self._hits(scores, lexical, dense, limit)

    def _both_sides(
        self, text: str, allowed: frozenset[str] | None, limit: int
    ) -> tuple[Mapping[str, float], Mapping[str, float]]:
        if not any(map(str.isalnum, text)):
            return {}, {}
        lexical = self._library.lexical_index().search(text, limit, allowed)
        if self._embedder is None or self._dense_weight == 0:
            return lexical, {}
        vector = self._embedder.embed([text])[0]
        return lexical, self._library.dense_index().search(vector, limit, allowed)

    def _hits(
        self, scores: Mapping[str, float], lexical: Mapping[str, float], dense: Mapping[str, float], limit: int
    ) -> list[Hit]:
        papers = self._first_known(scores, limit)
        return [
            Hit(
                paper,
                scores[paper.paper.paper_id],
                lexical.get(paper.paper.paper_id),
                dense.get(paper.paper.paper_id),
            )
            for paper in papers
        ]

    def _first_known(self, paper_ids: Iterable[str], limit: int) -> list[LibraryPaper]:
        """The first papers that the truth knows: an index may be ahead of it after a crash."""
        wanted = list(paper_ids)
        found = self._library.get(wanted[:limit])
        if len(found) < min(limit, len(wanted)):
            found = self._library.get(wanted)[:limit]
        return found


def _titled(text: str, titles: Mapping[str, str]) -> list[str]:
    """The papers that the text names by title, the likest first."""
    likeness = {paper_id: title_likeness(text, title) for paper_id, title in titles.items()}
    named = [paper_id for paper_id, likely in likeness.items() if likely > 0]
    return sorted(named, key=lambda paper_id: -likeness[paper_id])


def _boosted(text: str, titles: Mapping[str, str], fused: Mapping[str, float]) -> list[tuple[str, float]]:
    """The fused ranking, with papers whose name stands in the text moved up."""
    named = {paper_id for paper_id, title in titles.items() if has_name(text, title)}
    scores = {
        paper_id: min(1.0, score + _NAME_BOOST) if paper_id in named else score for paper_id, score in fused.items()
    }
    return sorted(scores.items(), key=lambda scored: -scored[1])
