"""Hybrid search: papers for a free text, by words and by vectors, under hard filters."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol

from assistant.arxiv_ids import find_paper_ids, without_id_mentions
from assistant.library.filters import Filters
from assistant.library.index.ports import Coverage, DensePaperIndex, Embedder, LexicalPaperIndex
from assistant.library.records import LibraryPaper
from assistant.papers import Paper, clean_text
from assistant.retrieval.fusion import fuse
from assistant.retrieval.mention_lookup import NamedPapers
from assistant.retrieval.rerank import reordered, rerank

_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d.,]*\d)(?P<times>\s?(?:x|×|times|-?fold)(?![A-Za-z]))?"
)
_GROUPED = re.compile(r"(?!(?:19|20)\d\d$)\d{4,12}")  # a year is written as it is
_RERANKED = 40
"""Leading papers whose texts are looked at again; 60 measured the same and took a third longer."""
_READ = 20
"""Of them at most, where a model reads them one by one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found. ``score`` is 0..1 within one search, 1 for a paper that the query names by id, title or name.

    Otherwise the first paper's score tells how far words and vectors agree on the best paper: it is 1 when both put
    the same paper first. ``lexical`` is BM25, ``dense`` the cosine similarity; None where that side did not return the
    paper among its candidates. ``named`` is a paper that the query names, ``coverage`` the share of the query's rare
    words that it has as they are typed (0..1).
    """

    paper: LibraryPaper
    score: float
    lexical: float | None = None
    dense: float | None = None
    named: bool = False
    coverage: float = 0.0


class Reranker(Protocol):
    """A model that reads a question and texts together."""

    def relevance(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The probability of each text to be about the question, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What each side of a search returned, best first."""

    lexical: Mapping[str, float] = field(default_factory=dict)
    dense: Mapping[str, float] = field(default_factory=dict)
    coverage: Coverage = Coverage()  # noqa: RUF009 (frozen)


def with_number_forms(text: str) -> str:
    """The text, and behind it its numbers as papers write them too: 1,200 and 1200; 1.84×, 1.84x and 1.84 times."""
    further = []
    for match in _NUMBER.finditer(text):
        digits = match["digits"]
        plain = digits.replace(",", "")
        grouped = f"{int(plain):,}" if _GROUPED.fullmatch(plain) else plain
        forms = {digits, plain, grouped}
        if match["times"]:
            forms |= {f"{form}x" for form in forms}
        further += sorted(forms - {digits if not match["times"] else match.group()})
    return " ".join([text, *further])


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

    ``dense_weight`` (0..1) is the share of the dense side, ``candidates`` what each side contributes at most: more than
    are looked at again, since a paper that one side leaves out counts as its worst. ``reranked`` is how many leading
    papers are looked at again, by the ``reranker`` or, without one, by their words; 0 leaves the fused ranking as it
    is.
    """

    def __init__(
        self,
        library: SearchableLibrary,
        embedder: Embedder | None,
        *,
        dense_weight: float = 0.6,
        candidates: int = 300,
        reranked: int = _RERANKED,
        reranker: Reranker | None = None,
    ) -> None:
        self._library = library
        self._embedder = embedder
        self._dense_weight = dense_weight
        self._candidates = candidates
        self._reranked = reranked
        self._reranker = reranker

    async def search_async(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """`search` in a thread."""
        return await asyncio.to_thread(self.search, query, filters, limit)

    def search(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """At most ``limit`` papers that pass the filters, best first.

        Papers that the query names come first for certain: by arXiv id or link, in the order of the query, then by
        title or name. Any text may be given; one without a letter or digit finds nothing. Raises `LibraryError` when an
        index cannot be used, `AssetError` when the embedder cannot.
        """
        query = clean_text(query)
        allowed = self._library.matching_ids(filters)
        ids = [paper_id for paper_id in find_paper_ids(query) if allowed is None or paper_id in allowed]
        text = without_id_mentions(query)
        candidates = self._searched(text, allowed, max(self._candidates, limit))
        fused = fuse(candidates.lexical, candidates.dense, self._dense_weight, candidates.coverage)
        leading = [found.paper for found in self._library.get(list(fused)[: max(self._reranked, _RERANKED)])]
        ranked = self._looked_at_again(text, fused, leading[: self._reranked])
        named = NamedPapers(self._library, allowed).find(text, sorted(leading, key=lambda one: -ranked[one.paper_id]))
        scores = dict.fromkeys([*ids, *named], 1.0)
        scores |= {paper_id: score for paper_id, score in ranked.items() if paper_id not in scores}
        return self._hits(scores, candidates, {*ids, *named}, limit)

    def _searched(self, text: str, allowed: frozenset[str] | None, limit: int) -> _Candidates:
        """By words and by the vector; by words alone where a vector would not tell what the text means."""
        if not any(map(str.isalnum, text)):
            return _Candidates()
        index = self._library.lexical_index()
        lexical = index.search(with_number_forms(text), limit, allowed)
        coverage = index.coverage(text, limit, allowed)
        if self._embedder is None or self._dense_weight == 0 or not self._embedder.understands(text):
            return _Candidates(lexical, coverage=coverage)
        vector = self._embedder.embed([text])[0]
        return _Candidates(lexical, self._library.dense_index().search(vector, limit, allowed), coverage)

    def _looked_at_again(self, text: str, fused: Mapping[str, float], leading: Sequence[Paper]) -> dict[str, float]:
        if self._reranker is None or not leading:
            return rerank(text, fused, leading)
        read = leading[:_READ]
        return reordered(fused, read, self._reranker.relevance(text, [paper.text for paper in read]))

    def _hits(
        self, scores: Mapping[str, float], candidates: _Candidates, named: AbstractSet[str], limit: int
    ) -> list[Hit]:
        papers = self._first_known(scores, limit)
        return [
            Hit(
                paper,
                scores[paper.paper.paper_id],
                candidates.lexical.get(paper.paper.paper_id),
                candidates.dense.get(paper.paper.paper_id),
                paper.paper.paper_id in named,
                candidates.coverage.shares.get(paper.paper.paper_id, 0.0),
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
