"""How like texts are, and which of several say the same: by their vectors, by their words without an embedder.

The limits are those of 8 topics of Daily Papers (`benchmarks/ideas.py --limits`): of the feed's own summaries of two
papers on one topic 99 % are less alike than 0.62 (by words 0.20), of a summary and another paper on its topic 99 % less
than 0.60 (0.11); a summary and its own paper lie at 0.71 (0.25) in the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.retrieval.sentence_ranking import SentenceEmbedder
from assistant.retrieval.term_weights import WordWeights

_SAME_MEANING = 0.67
_SAME_WORDS = 0.3
_CLOSE_MEANING = 0.63
_CLOSE_WORDS = 0.15


@dataclass(frozen=True, slots=True)
class Likeness:
    """The similarities of some texts with each other (0..1, rows and columns in their order), and what they mean.

    From ``same`` on two proposals are one; from ``close`` on a proposal is a paper's own.
    """

    values: tuple[tuple[float, ...], ...]
    same: float
    close: float

    def between(self, one: int, other: int) -> float:
        """The similarity of two texts, by place."""
        return self.values[one][other]

    def distinct(self, places: Sequence[int]) -> list[int]:
        """The places in their order without those that say what one before them says."""
        kept: list[int] = []
        for place in places:
            if all(self.between(place, other) < self.same for other in kept):
                kept.append(place)
        return kept

    def mean_distance(self, places: Sequence[int]) -> float:
        """The mean of 1 - similarity over all pairs; 0 for fewer than two."""
        pairs = [(a, b) for a in places for b in places if a < b]
        return sum(1 - self.between(a, b) for a, b in pairs) / len(pairs) if pairs else 0.0


def likeness(texts: Sequence[str], embedder: SentenceEmbedder | None) -> Likeness:
    """How like the texts are. Blocking."""
    if embedder is not None and texts:
        vectors = embedder.embed(texts)
        cosines = (vectors @ vectors.T).tolist()
        return Likeness(tuple(tuple(row) for row in cosines), _SAME_MEANING, _CLOSE_MEANING)
    weights = WordWeights.from_texts(texts)
    rows = tuple(tuple(weights.similarity(one, other) for other in texts) for one in texts)
    return Likeness(rows, _SAME_WORDS, _CLOSE_WORDS)
