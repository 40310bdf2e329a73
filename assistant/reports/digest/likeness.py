"""How much papers are like the examples of a profile: by vectors where there are any, else by the words they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from assistant.library.records import LibraryPaper
from assistant.reports.digest.profile_matching import Match
from assistant.retrieval.term_weights import WordWeights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_EXAMPLE_STRENGTH = 0.9
_WEAKEST, _STRONGEST = 0.4, 0.9
_TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class _Scale:
    """From which similarity on a paper counts as like an example, and where it could hardly be more so."""

    near: float
    same: float

    def strength(self, similarity: float) -> float | None:
        """How much the similarity speaks for a paper; None when it is too small to."""
        if similarity < self.near:
            return None
        return _WEAKEST + (_STRONGEST - _WEAKEST) * min(1.0, (similarity - self.near) / (self.same - self.near))


# Calibrated on 11,028 papers: of ten subjects four papers each that name it in title or keywords were the examples,
# eight times over. With all-MiniLM-L6-v2, at 0.60 to the nearest of them 2.4 of 40 papers were shown, 61 % of the
# others that name the subject so (0.55: 5.5 and 80 %; 0.65: 0.9 and 35 %). As many pairs of papers (2.5 %) are nearer
# than 0.47 with the embedder that comes along. By words, on days of 40 papers, 0.12 shows 2.8 of 40, 38 %.
_BY_VECTORS = _Scale(near=0.47, same=0.78)
_BY_WORDS = _Scale(near=0.12, same=0.30)


def example_matches(
    papers: Sequence[LibraryPaper],
    examples: Sequence[LibraryPaper],
    vectors: "Vectors | None",
    background: Iterable[str] = (),
) -> list[Match | None]:
    """For each paper the example that it is most like; None when it is like none.

    ``vectors`` are of length 1, one row for each paper and then one for each example. Without them the words that are
    shared count, weighted by how rare they are among all these papers and the ``background`` texts.
    """
    if not papers or not examples:
        return [None] * len(papers)
    if vectors is None:
        scale, rows = _BY_WORDS, _similar_words(papers, examples, background)
    else:
        similarities = vectors[: len(papers)] @ vectors[len(papers) :].T
        # Rounded, so that the last bits of a processor's sums decide no order.
        scale, rows = _BY_VECTORS, [[round(float(value), 4) for value in row] for row in similarities]
    return [_match(paper, examples, row, scale) for paper, row in zip(papers, rows, strict=True)]


def _match(
    paper: LibraryPaper, examples: Sequence[LibraryPaper], similarities: Sequence[float], scale: _Scale
) -> Match | None:
    if any(example.paper.paper_id == paper.paper.paper_id for example in examples):
        return Match(_EXAMPLE_STRENGTH, "one of the examples")
    place = max(range(len(examples)), key=lambda at: similarities[at])
    strength = scale.strength(similarities[place])
    if strength is None:
        return None
    title = shorten(examples[place].paper.title, _TITLE_LENGTH, placeholder=" …")
    return Match(strength, f"like “{title}”")


def _similar_words(
    papers: Sequence[LibraryPaper], examples: Sequence[LibraryPaper], background: Iterable[str]
) -> list[list[float]]:
    texts = [paper.paper.text for paper in papers]
    others = [example.paper.text for example in examples]
    weights = WordWeights.from_texts([*texts, *others, *background])
    return [[round(weights.similarity(text, other), 4) for other in others] for text in texts]
