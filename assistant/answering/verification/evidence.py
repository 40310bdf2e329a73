"""Which sentences of which sources a claim rests on.

A sentence matches by the weighted share of the claim's words that stand in it or in its paper's title, and, with an
embedder, by what both mean. The best one is taken, and one more of the same paper when it adds words that the claim
still lacks: what two papers say never adds up to one fact.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answering.verification.features import (
    MeaningMeasures,
    ReadClaim,
    ReadSource,
    SourceSentence,
    word_weights,
)
from assistant.answering.verification.numbers import missing_quantities
from assistant.answering.verification.polarity import opposed_to
from assistant.retrieval import SentenceEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Chosen = dict[int, tuple[SourceSentence, ...]]
"""Sentences by the number of their source, the best first."""
Eligible = Callable[[SourceSentence], bool]
"""Whether a sentence may be evidence for a claim."""

_MEANING = 0.5
"""Share of the vectors' cosine in a match; the rest is words."""
_MISSING_NUMBER = 0.75
"""What a match is multiplied by when the claim has a number that the sentence lacks."""
_ADDED_BY_SENTENCE = 0.15
"""Least share of the claim's words, or a number, that a further sentence of a cited paper must add."""
_SENTENCES_TO_JUDGE = 2
_CONTEXT_SHARE = 0.5
"""Least match of the second of them, as a share of the best one's."""
_MARK_MARGIN = 0.75
"""Least match of a source that the model named, as a share of the best match."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A sentence and how well it matches a claim (0..1), with the cosine of their vectors (0 without embedder)."""

    sentence: SourceSentence
    match: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a claim rests on: by source number, in order, the sentences, the best first.

    ``meaning`` is None without an embedder.
    """

    chosen: Chosen
    meaning: MeaningMeasures | None

    @property
    def sentences(self) -> list[SourceSentence]:
        """All of its sentences."""
        return [sentence for sentences in self.chosen.values() for sentence in sentences]


class EvidenceFinder:
    """Finds evidence in a fixed set of sources; vectors of their sentences are made once, when first needed."""

    def __init__(self, sources: Sequence[ReadSource], embedder: SentenceEmbedder | None) -> None:
        self.weights = word_weights(sources)
        self._sources = {source.number: source for source in sources}
        self._sentences = [sentence for source in sources for sentence in source.sentences]
        self._embedder = embedder
        self._last: tuple[str, list[float], list[float]] | None = None

    def matches(self, claim: ReadClaim) -> list[Matched]:
        """Every sentence with its match, in the order of the sources."""
        cosines, _ = self._cosines(claim.text)
        return [self._matched(claim, s, cosine) for s, cosine in zip(self._sentences, cosines, strict=True)]

    def find(self, claim: ReadClaim, preferred: Sequence[int], eligible: Eligible) -> Evidence | None:
        """What the claim rests on, within one source; None when nothing eligible is shared.

        ``preferred`` sources are taken where they come near the best.
        """
        matches = self.matches(claim)
        own = [found for found in matches if eligible(found.sentence)]
        best = max(own, key=lambda found: found.match, default=None)
        if best is None or best.match <= 0:
            return None
        named = (found for found in own if found.sentence.number in preferred)
        near = max(named, key=lambda found: found.match, default=best)
        leading = near if near.match >= _MARK_MARGIN * best.match else best
        number = leading.sentence.number
        others = [found.sentence for found in own if found.sentence.number == number and found is not leading]
        chosen: Chosen = {number: self._with_further(claim, leading.sentence, others)}
        return Evidence(chosen, self._meaning(claim, matches, chosen))

    def near(self, claim: ReadClaim, marked: Sequence[int]) -> list[int]:
        """The marked sources that come near the best of all."""
        strongest: dict[int, float] = {}
        for found in self.matches(claim):
            strongest[found.sentence.number] = max(found.match, strongest.get(found.sentence.number, 0.0))
        least = _MARK_MARGIN * max(strongest.values(), default=0.0)
        return [number for number in marked if 0 < strongest.get(number, 0.0) >= least]

    def with_context(self, claim: ReadClaim, evidence: Evidence) -> Evidence:
        """The evidence with the second best sentence of each source when it comes near, for a claim hard to tell."""
        matches = self.matches(claim)
        chosen: Chosen = {}
        for number in evidence.chosen:
            own = sorted((m for m in matches if m.sentence.number == number), key=lambda m: -m.match)
            near = [found for found in own[:_SENTENCES_TO_JUDGE] if found.match >= _CONTEXT_SHARE * own[0].match]
            chosen[number] = tuple(found.sentence for found in near)
        return Evidence(chosen, evidence.meaning)

    @cached_property
    def vectors(self) -> "NDArray[np.float32] | None":
        """One row a sentence, made when first asked for; None without an embedder."""
        if self._embedder is None or not self._sentences:
            return None
        return self._embedder.embed([sentence.sentence.text for sentence in self._sentences])

    def _cosines(self, text: str) -> tuple[list[float], list[float]]:
        """The cosines of the sentences with a claim and with its opposite; those of the last claim are kept."""
        if self._embedder is None or self.vectors is None:
            nothing = [0.0] * len(self._sentences)
            return nothing, nothing
        if self._last is None or self._last[0] != text:
            cosines = self.vectors @ self._embedder.embed([text, opposed_to(text)]).T
            self._last = (text, cosines[:, 0].tolist(), cosines[:, 1].tolist())
        return self._last[1], self._last[2]

    def _meaning(self, claim: ReadClaim, matches: Sequence[Matched], chosen: Chosen) -> MeaningMeasures | None:
        if self._embedder is None:
            return None
        _, opposed = self._cosines(claim.text)
        cited = [
            (found.cosine, against)
            for found, against in zip(matches, opposed, strict=True)
            if found.sentence.number in chosen
        ]
        return MeaningMeasures(
            best_sentence=max(cosine for cosine, _ in cited),
            above_opposite=max(cosine - against for cosine, against in cited),
        )

    def _matched(self, claim: ReadClaim, sentence: SourceSentence, cosine: float) -> Matched:
        title = self._sources[sentence.number].title_words
        words = (
            self.weights.share(claim.words, sentence.words | title, of_none=0.0)
            if claim.words & sentence.words
            else 0.0
        )
        match = words if self._embedder is None else (1 - _MEANING) * words + _MEANING * max(cosine, 0.0)
        if missing_quantities(claim.quantities, sentence.quantities):
            match *= _MISSING_NUMBER
        return Matched(sentence, match, cosine)

    def _with_further(
        self, claim: ReadClaim, leading: SourceSentence, others: Sequence[SourceSentence]
    ) -> tuple[SourceSentence, ...]:
        """The leading sentence with one more of its source when that adds a number, or enough words.

        Words of the title do not count as said: the sentence that names the thing belongs to "It cuts memory by 37%".
        """
        left = claim.words - leading.words
        lost = missing_quantities(claim.quantities, leading.quantities)

        def gain(sentence: SourceSentence) -> float:
            found = len(lost) - len(missing_quantities(lost, sentence.quantities))
            return found + self.weights.share(claim.words, left & sentence.words, of_none=0.0)

        further = max(others, key=gain, default=None)
        return (leading, further) if further is not None and gain(further) >= _ADDED_BY_SENTENCE else (leading,)
