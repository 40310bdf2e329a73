"""Two rankings become one, and what has the query's rare words as they are typed stands in front."""

from collections.abc import Mapping

from assistant.library.index.ports import Coverage

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
