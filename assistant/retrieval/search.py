"""Hybrid search: papers for a free text, by words and by vectors, under hard filters."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.arxiv_ids import find_paper_ids, without_id_mentions
from assistant.library import Coverage, DensePaperIndex, Embedder, Filters, LexicalPaperIndex, StoredPaper
from assistant.papers import Paper, clean_text
from assistant.retrieval.mention_lookup import NamedPapers
from assistant.retrieval.rerank import reordered, rerank
from assistant.sentences import Sentence

_LIKE_ENOUGH = 0.26
"""Cosine from which on a paper is like the query, of the embedder that comes with the program."""
_COVERED_ENOUGH = 0.3
"""From so much of the query on, rare words weighing more, a paper is found by its words alone.

Of the right papers among the first 20 of 11,028 both cuts together lose none for paraphrases and surveys and 4 % for
silver questions, whose paper ranks low then; of the first 10 for 65 questions off the field 2.7 stay.
"""

Scores = Mapping[str, float]
"""Score by paper id, best first."""

_TYPED = 3.5
_SHARPNESS = 6
"""A paper with every word of a query stands before all that lack one, if the word is rare: 3.5 outweighs what fusion
and the second look give together for words that some 20 of 11,000 papers have. The power leaves it to papers that have
nearly all; questions in whole sentences are covered by few papers, and hardly change (`benchmarks/retrieval.py`)."""


def fuse(lexical: Scores, dense: Scores, dense_weight: float, coverage: Coverage = Coverage()) -> dict[str, float]:  # noqa: B008 (frozen)
    """Merge two rankings by min-max-normalized, weighted scores, raised by coverage of the query; best first.

    Scores of each side are scaled to 0..1 over its own candidates; a paper that one side did not return counts 0 there.
    A side that returned nothing leaves all the weight to the other. Ties keep the lexical order. The best score is what
    it would be without ``coverage``. Plain reciprocal-rank fusion measured worse (`benchmarks/retrieval.py`). So did
    lexical scores scaled from 0: of 60 paraphrases 46 came first, not 50.
    """
    share = 1.0 if not lexical else 0.0 if not dense else dense_weight
    scaled_lexical, scaled_dense = _scaled(lexical), _scaled(dense)
    fused = {
        paper_id: (1 - share) * scaled_lexical.get(paper_id, 0.0) + share * scaled_dense.get(paper_id, 0.0)
        for paper_id in dict.fromkeys([*lexical, *dense, *coverage.shares])
    }
    raised = {
        paper_id: score + _TYPED * coverage.rarity**2 * coverage.shares.get(paper_id, 0.0) ** _SHARPNESS
        for paper_id, score in fused.items()
    }
    best, most = max(fused.values(), default=0.0), max(raised.values(), default=0.0)
    scale = best / most if most > 0 else 0.0
    return {paper_id: scale * score for paper_id, score in sorted(raised.items(), key=lambda scored: -scored[1])}


def _scaled(scores: Scores) -> dict[str, float]:
    if not scores:
        return {}
    lowest, highest = min(scores.values()), max(scores.values())
    if lowest == highest:
        return dict.fromkeys(scores, 1.0)
    return {paper_id: (score - lowest) / (highest - lowest) for paper_id, score in scores.items()}


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

    paper: StoredPaper
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

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
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


class _PapersOfSearch:
    """The papers that one search looks at, each read once from the library."""

    def __init__(self, library: SearchableLibrary) -> None:
        self._library = library
        self._read: dict[str, StoredPaper | None] = {}
        self._lexical_index = library.lexical_index()

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers in the order of their ids; unknown ids are left out."""
        if unread := [paper_id for paper_id in dict.fromkeys(paper_ids) if paper_id not in self._read]:
            self._read |= dict.fromkeys(unread)
            self._read |= {paper.paper_id: paper for paper in self._library.get(unread)}
        return [paper for paper_id in paper_ids if (paper := self._read[paper_id]) is not None]

    def first(self, paper_ids: Iterable[str], limit: int) -> list[StoredPaper]:
        """The first papers that the database knows: an index may be ahead of it after a crash."""
        ids = list(paper_ids)
        papers = self.get(ids[:limit])
        if len(papers) < min(limit, len(ids)):
            papers = self.get(ids)[:limit]
        return papers

    def lexical_index(self) -> LexicalPaperIndex:
        """The index of words."""
        return self._lexical_index


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
        papers = _PapersOfSearch(self._library)
        candidates = self._searched(text, papers.lexical_index(), allowed, max(self._candidates, limit))
        fused = fuse(candidates.lexical, candidates.dense, self._dense_weight, candidates.coverage)
        leading = [stored.paper for stored in papers.get(list(fused)[: max(self._reranked, _RERANKED)])]
        ranked = self._looked_at_again(text, fused, leading[: self._reranked])
        named = NamedPapers(papers, allowed).find(text, sorted(leading, key=lambda paper: -ranked[paper.paper_id]))
        certain = dict.fromkeys([*ids, *named], 1.0)
        scores = certain | {paper_id: score for paper_id, score in ranked.items() if paper_id not in certain}
        return [
            Hit(
                paper,
                scores[paper.paper_id],
                candidates.lexical.get(paper.paper_id),
                candidates.dense.get(paper.paper_id),
                paper.paper_id in certain,
                candidates.coverage.shares.get(paper.paper_id, 0.0),
            )
            for paper in papers.first(scores, limit)
        ]

    def _searched(self, text: str, index: LexicalPaperIndex, allowed: frozenset[str] | None, limit: int) -> _Candidates:
        """By words and by the vector; by words alone where a vector would not tell what the text means."""
        if not any(map(str.isalnum, text)):
            return _Candidates()
        lexical = index.search(with_number_forms(text), limit, allowed)
        coverage = index.coverage(text, limit, allowed)
        if self._embedder is None or self._dense_weight == 0 or not self._embedder.understands(text):
            return _Candidates(lexical, coverage=coverage)
        vector = self._embedder.embed([text])[0]
        return _Candidates(lexical, self._library.dense_index().search(vector, limit, allowed), coverage)

    def _looked_at_again(self, text: str, fused: Mapping[str, float], leading: Sequence[Paper]) -> dict[str, float]:
        if self._reranker is None or not leading:
            return rerank(text, fused, leading)
        rerankable = leading[:_READ]
        return reordered(fused, rerankable, self._reranker.relevance(text, [paper.text for paper in rerankable]))


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A paper that was found, and the sentence that fits the query best; None for an abstract without one."""

    hit: Hit
    sentence: Sentence | None

    @property
    def paper(self) -> StoredPaper:
        """The paper."""
        return self.hit.paper


def relevant(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that the query names, that have its telling words, or that mean what it means; in their order.

    Where no hit was compared by meaning, a shared word is enough: there is nothing else to go by.
    """
    by_words = all(hit.dense is None for hit in hits)
    return [
        hit
        for hit in hits
        if hit.score == 1
        or hit.coverage >= _COVERED_ENOUGH
        or (hit.dense or 0.0) >= _LIKE_ENOUGH
        or (by_words and hit.lexical is not None)
    ]
