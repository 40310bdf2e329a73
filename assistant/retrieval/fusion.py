"""Two rankings become one."""

from collections.abc import Mapping

Scores = Mapping[str, float]
"""Score by paper id, best first."""


def fuse(lexical: Scores, dense: Scores, dense_weight: float) -> dict[str, float]:
    """Merge two rankings by min-max-normalized, weighted scores (0..1); best first.

    Scores of each side are scaled to 0..1 over its own candidates; a paper that one side did not return
    counts 0 there. A side that returned nothing leaves all the weight to the other. Ties keep the lexical order.
    Plain reciprocal-rank fusion measured worse (`benchmarks/retrieval.py`).
    """
    share = 1.0 if not lexical else 0.0 if not dense else dense_weight
    scaled_lexical, scaled_dense = _scaled(lexical), _scaled(dense)
    fused = {
        paper_id: (1 - share) * scaled_lexical.get(paper_id, 0.0) + share * scaled_dense.get(paper_id, 0.0)
        for paper_id in dict.fromkeys([*lexical, *dense])
    }
    return dict(sorted(fused.items(), key=lambda scored: -scored[1]))


def _scaled(scores: Scores) -> dict[str, float]:
    if not scores:
        return {}
    lowest, highest = min(scores.values()), max(scores.values())
    if lowest == highest:
        return dict.fromkeys(scores, 1.0)
    return {paper_id: (score - lowest) / (highest - lowest) for paper_id, score in scores.items()}
