"""Which sentences of which sources a claim rests on.

A sentence matches by the weighted share of the claim's words that stand in it or in its paper's title, and, with an
embedder, by what both mean. The best one is taken; further ones of the same paper or of others when they add words
that the claim still lacks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answering.support.measures import (
    MeaningMeasures,
    ReadClaim,
    ReadSource,
    SourceSentence,
    word_weights,
)
from assistant.answering.support.opposites import opposed_to
from assistant.answering.support.quantities import missing_quantities
from assistant.retrieval.evidence import SentenceEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Chosen = dict[int, tuple[SourceSentence, ...]]
"""Sentences by the number of their source, the best first."""

_MEANING = 0.5
"""Share of the vectors' cosine in a match; the rest is words."""
_MISSING_NUMBER = 0.75
"""What a match is multiplied by when the claim has a number that the sentence lacks."""
_ADDED = 0.25
"""Least share of the claim's words that a further source must add to be cited beside the first."""
_ADDED_BY_SENTENCE = 0.15
"""Least share of the claim's words, or a number, that a further sentence of a cited paper must add."""
_SENTENCES_TO_JUDGE = 2
_CONTEXT_SHARE = 0.5
"""Least match of the second of them, as a share of the best one's."""
_MOST_SOURCES = 3
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

    def find(self, claim: ReadClaim, marked: Sequence[int]) -> Evidence | None:
        """What the claim rests on; ``marked`` are the sources that the model named. None when nothing is shared."""
        matches = self.matches(claim)
        best = max(matches, key=lambda found: found.match, default=None)
        if best is None or best.match <= 0:
            return None
        leading = self._leading(matches, best, marked)
        chosen: Chosen = {found.sentence.number: (found.sentence,) for found in leading}
        for number in chosen:
            chosen[number] = self._with_further(claim, number, chosen)
        if not set(chosen) & set(marked):
            self._add_sources(claim, matches, chosen)
        return Evidence(dict(sorted(chosen.items())), self._meaning(claim, matches, chosen))

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

    def _leading(self, matches: Sequence[Matched], best: Matched, marked: Sequence[int]) -> list[Matched]:
        """The best sentence of each marked source that comes near the best of all; else the best of all."""
        held = []
        for number in marked:
            own = max((m for m in matches if m.sentence.number == number), key=lambda m: m.match, default=None)
            if own is not None and own.match >= _MARK_MARGIN * best.match:
                held.append(own)
        return held or [best]

    def _add_sources(self, claim: ReadClaim, matches: Sequence[Matched], chosen: Chosen) -> None:
        """Sentences of other sources for the words that are still without evidence."""
        while len(chosen) < _MOST_SOURCES:
            left = self._left(claim, chosen)
            others = [m for m in matches if m.sentence.number not in chosen]
            further = max(others, key=lambda m: self._added(claim, left, m.sentence), default=None)
            if further is None or self._added(claim, left, further.sentence) < _ADDED:
                return
            chosen[further.sentence.number] = (further.sentence,)

    def _with_further(self, claim: ReadClaim, number: int, chosen: Chosen) -> tuple[SourceSentence, ...]:
        """The sentences of a chosen source with one more when that adds a number, or enough words.

        Words of the title do not count as said: the sentence that names the thing belongs to "It cuts memory by 37%".
        """
        standing = chosen[number]
        left = claim.words.difference(*(s.words for sentences in chosen.values() for s in sentences))
        have = [quantity for sentences in chosen.values() for s in sentences for quantity in s.quantities]
        lost = missing_quantities(claim.quantities, have)

        def gain(sentence: SourceSentence) -> float:
            found = len(lost) - len(missing_quantities(lost, sentence.quantities))
            return found + self.weights.share(claim.words, left & sentence.words, of_none=0.0)

        others = [s for s in self._sources[number].sentences if s not in standing]
        further = max(others, key=gain, default=None)
        return (*standing, further) if further is not None and gain(further) >= _ADDED_BY_SENTENCE else standing

    def _left(self, claim: ReadClaim, chosen: Chosen) -> frozenset[str]:
        """Words of the claim that nothing chosen has; a number alone is found anywhere and says nothing."""
        found = [self._sources[number].title_words for number in chosen]
        found += [sentence.words for sentences in chosen.values() for sentence in sentences]
        return frozenset(word for word in claim.words.difference(*found) if not word.isdigit())

    def _added(self, claim: ReadClaim, left: frozenset[str], sentence: SourceSentence) -> float:
        title = self._sources[sentence.number].title_words
        return (
            self.weights.share(claim.words, left & (sentence.words | title), of_none=0.0)
            if left & sentence.words
            else 0.0
        )
