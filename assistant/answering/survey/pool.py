"""The papers gathered for a survey, ranked by all that speaks for them.

Two things count alike, each scaled to 0..1: what the searches say, and how near a paper is to the centre of those
that lead by now, in weighted words. Near the centre are papers that share the subject's language and not the
question's words. The shares are equal and the centre holds five papers, as tried first; shares of 0.7 to 1.4 and eight
papers change recall@20 by 0.02 at most (benchmarks/survey.py).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.library.records import LibraryPaper
from assistant.retrieval.search import Hit
from assistant.retrieval.term_weights import WordWeights, content_words

_CENTRE = 5
_IN_TITLE = 2


class Pool:
    """Papers with their scores in every search, in the order in which they were found."""

    def __init__(self) -> None:
        self._hits: dict[str, Hit] = {}
        self._asked: list[Mapping[str, float]] = []
        self._further: list[Mapping[str, float]] = []

    def __len__(self) -> int:
        return len(self._hits)

    @property
    def papers(self) -> list[LibraryPaper]:
        """All papers, in the order in which they were found."""
        return [hit.paper for hit in self._hits.values()]

    def add(self, hits: Sequence[Hit], *, further: bool) -> None:
        """Take in what a search found; ``further`` when it was not for the question itself."""
        for hit in hits:
            self._hits.setdefault(hit.paper.paper.paper_id, hit)
        scores = {hit.paper.paper.paper_id: hit.score for hit in hits}
        (self._further if further else self._asked).append(scores)

    def ranked(self) -> list[Hit]:
        """The papers, best first; scores are 0..1."""
        ids = list(self._hits)
        searched = _scaled([self._evidence(paper_id) for paper_id in ids])
        central = _scaled(_centrality(self.papers, searched))
        scores = [(found + near) / 2 for found, near in zip(searched, central, strict=True)]
        best_first = sorted(range(len(ids)), key=lambda place: -scores[place])
        return [replace(self._hits[ids[place]], score=scores[place]) for place in best_first]

    def _evidence(self, paper_id: str) -> float:
        """The question's own searches together count as much as all further ones."""
        further = _mean([scores.get(paper_id, 0.0) for scores in self._further])
        return _mean([scores.get(paper_id, 0.0) for scores in self._asked]) + further


def _centrality(papers: Sequence[LibraryPaper], searched: Sequence[float]) -> list[float]:
    """Cosine of each paper's weighted words with the mean of the leading papers'."""
    weights = WordWeights.from_texts(paper.paper.text for paper in papers)
    vectors = [_vector(paper, weights) for paper in papers]
    leading = sorted(range(len(papers)), key=lambda place: -searched[place])[:_CENTRE]
    centre: defaultdict[str, float] = defaultdict(float)
    for place in leading:
        for word, weight in vectors[place].items():
            centre[word] += searched[place] * weight
    return [sum(weight * centre.get(word, 0.0) for word, weight in vector.items()) for vector in vectors]


def _vector(paper: LibraryPaper, weights: WordWeights) -> dict[str, float]:
    """The words of a paper by rarity, those of the title twice, as a vector of length 1."""
    title = set(content_words(paper.paper.title))
    words = dict.fromkeys(content_words(paper.paper.text))
    vector = {word: weights.weight(word) * (_IN_TITLE if word in title else 1) for word in words}
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()}


def _scaled(values: Sequence[float]) -> list[float]:
    lowest, highest = min(values, default=0.0), max(values, default=0.0)
    return [(value - lowest) / (highest - lowest) if highest > lowest else 1.0 for value in values]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
