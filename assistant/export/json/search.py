"""Found papers as other programs read them."""

from collections.abc import Sequence

from assistant.export.json.base import Published
from assistant.export.json.papers import PaperJson, SpanJson, paper_json, span_json
from assistant.retrieval.found import FoundPaper


class HitJson(PaperJson):
    """A paper that was found."""

    rank: int
    """Its place in the list, from 1."""
    score: float
    """0 to 1 within one search; 1 for a paper that the query names."""
    lexical: float | None
    """Its score by words (BM25); null where it was not among the candidates."""
    dense: float | None
    """Its similarity by meaning (cosine); null where it was not among the candidates."""
    sentence: SpanJson | None
    """The sentence of its abstract that fits the query best."""


class SearchJson(Published):
    """Papers for a query, best first."""

    query: str
    hits: list[HitJson]


def search_json(query: str, found: Sequence[FoundPaper], first_rank: int = 1) -> SearchJson:
    """The object of `search`; ``first_rank`` is the place of the first of these in the whole list."""
    return {"query": query, "hits": [_hit_json(rank, each) for rank, each in enumerate(found, start=first_rank)]}


def _hit_json(rank: int, found: FoundPaper) -> HitJson:
    hit = found.hit
    return {
        "rank": rank,
        **paper_json(hit.paper),
        "score": round(hit.score, 4),
        "lexical": None if hit.lexical is None else round(hit.lexical, 4),
        "dense": None if hit.dense is None else round(hit.dense, 4),
        "sentence": span_json(found.sentence) if found.sentence else None,
    }
