"""Which sentences of which sources a claim rests on, and what is measured of both: the check decides by these numbers.

A sentence matches by the weighted share of the claim's words that stand in it or in its paper's title, and, with an
embedder, by what both mean. The best one is taken, and one more of the same paper when it adds words that the claim
still lacks: what two papers say never adds up to one fact.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answering.values import NumberedSource
from assistant.answering.verification.claims import Subjects
from assistant.answering.verification.facts import (
    KnownNames,
    Name,
    Quantity,
    ReadClaim,
    Stance,
    agreement,
    missing_names,
    missing_quantities,
    opposed_to,
    quantities,
    stance,
)
from assistant.retrieval import IdfWeights, SentenceEmbedder, content_words
from assistant.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNSEEN_SENTENCES = 20
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
class SourceSentence:
    """One sentence of a source, read once for all claims; ``about`` are the sources it can speak for."""

    number: int
    about: frozenset[int]
    sentence: Sentence
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source, read once for all claims; title, authors and organization count with its abstract for names."""

    number: int
    sentences: tuple[SourceSentence, ...]
    title_words: frozenset[str]
    words: frozenset[str]
    quantities: tuple[Quantity, ...]
    names: KnownNames


@dataclass(frozen=True, slots=True)
class FactMeasures:
    """Numbers and names that the source lacks, and what it says to the contrary; each about 0..1."""

    missing_numbers: float
    missing_coined: float
    clash: float
    counter: float
    opposite: float
    denial: float
    denied: float


@dataclass(frozen=True, slots=True)
class WordMeasures:
    """Weighted shares of the claim's words: in the sentences that are cited, and in the whole papers."""

    evidence: float
    paper: float


@dataclass(frozen=True, slots=True)
class MeaningMeasures:
    """Cosines of the claim's vector with those of the cited papers' sentences.

    The greatest, and the most by which a sentence is nearer to the claim than to its opposite. (Their mean tells
    related papers from others, but a small detail of a paper is far from most of it.)
    """

    best_sentence: float
    above_opposite: float


@dataclass(frozen=True, slots=True)
class Measures:
    """All that is measured; ``meaning`` is None without an embedder."""

    facts: FactMeasures
    words: WordMeasures
    meaning: MeaningMeasures | None

    @property
    def values(self) -> tuple[float, ...]:
        """The measures as one row: facts, words, meaning, each in the order of its fields."""
        return (*astuple(self.facts), *astuple(self.words), *(astuple(self.meaning) if self.meaning else ()))


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence and how well it matches a claim (0..1), with the cosine of their vectors (0 without embedder)."""

    sentence: SourceSentence
    match: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of one source that a claim rests on, best first, and what is measured of the two.

    ``nearest`` are the best matching sentence and, where it comes near, the second best: what a model is asked about a
    claim that is hard to tell.
    """

    source: ReadSource
    sentences: tuple[SourceSentence, ...]
    nearest: tuple[SourceSentence, ...]
    measures: Measures


def read_source(source: NumberedSource, subjects: Subjects | None = None) -> ReadSource:
    """Read a source's paper, the whole of it: what was left out of a prompt supports claims as well.

    A sentence speaks for its own paper, and for those among the ``subjects`` that it names.
    """
    paper = source.paper.paper
    title = frozenset(content_words(paper.title))
    sentences = tuple(
        SourceSentence(
            source.number,
            frozenset({source.number}) | (subjects.named_in(s.text) if subjects else frozenset()),
            s,
            frozenset(content_words(s.text)),
            quantities(s.text),
            stance(s.text),
        )
        for s in split_sentences(paper.abstract)
    )
    people = " ".join(author.name for author in paper.authors)
    known_names = KnownNames(f"{paper.title}\n{paper.abstract}\n{people}\n{paper.organization or ''}")
    words = title.union(*(sentence.words for sentence in sentences))
    return ReadSource(source.number, sentences, title, words, quantities(paper.text), known_names)


def absent_quantities(claim: ReadClaim, sources: Sequence[ReadSource]) -> tuple[Quantity, ...]:
    """Numbers of a claim that none of the papers has."""
    return missing_quantities(claim.quantities, [quantity for source in sources for quantity in source.quantities])


def absent_names(claim: ReadClaim, sources: Sequence[ReadSource]) -> tuple[Name, ...]:
    """Names of a claim that none of the papers has."""
    absent = claim.names
    for source in sources:
        absent = missing_names(absent, source.names)
    return absent


class EvidenceFinder:
    """Finds evidence in a fixed set of sources; vectors of their sentences are made once, when first needed."""

    def __init__(self, sources: Sequence[ReadSource], embedder: SentenceEmbedder | None) -> None:
        self._weights = _word_weights(sources)
        self._sources = {source.number: source for source in sources}
        self._sentences = [sentence for source in sources for sentence in source.sentences]
        self._embedder = embedder
        self._last: tuple[str, list[float], list[float]] | None = None

    def matches(self, claim: ReadClaim) -> list[Match]:
        """Every sentence with its match, in the order of the sources."""
        cosines, _ = self._cosines(claim.text)
        return [self._match(claim, s, cosine) for s, cosine in zip(self._sentences, cosines, strict=True)]

    def near(self, claim: ReadClaim, marked: Sequence[int]) -> list[int]:
        """The marked sources that come near the best of all."""
        strongest: dict[int, float] = {}
        for match in self.matches(claim):
            strongest[match.sentence.number] = max(match.match, strongest.get(match.sentence.number, 0.0))
        least = _MARK_MARGIN * max(strongest.values(), default=0.0)
        return [number for number in marked if 0 < strongest.get(number, 0.0) >= least]

    def find(
        self, claim: ReadClaim, preferred: Sequence[int] = (), about: AbstractSet[int] = frozenset()
    ) -> Evidence | None:
        """What the claim rests on, within one source; None when it shares nothing with a sentence that may be evidence.

        Where it is known what the claim is ``about``, only sentences that speak for one of these sources may. A
        ``preferred`` source is taken where it comes near the best.
        """
        matches = self.matches(claim)
        own = [match for match in matches if not about or match.sentence.about & about]
        best = max(own, key=lambda match: match.match, default=None)
        if best is None or best.match <= 0:
            return None
        named = (match for match in own if match.sentence.number in preferred)
        near = max(named, key=lambda match: match.match, default=best)
        leading = near if near.match >= _MARK_MARGIN * best.match else best
        source = self._sources[leading.sentence.number]
        others = [m.sentence for m in own if m.sentence.number == source.number and m is not leading]
        sentences = self._with_further(claim, leading.sentence, others)
        measures = self.measures(claim, source, sentences, self._meaning(claim, matches, source.number))
        return Evidence(source, sentences, _nearest(matches, source.number), measures)

    def measures(
        self,
        claim: ReadClaim,
        source: ReadSource,
        sentences: Sequence[SourceSentence],
        meaning: MeaningMeasures | None,
    ) -> Measures:
        """Measure a claim against sentences of a source and the whole of it; ``meaning`` is measured before."""
        words_of_evidence = source.title_words.union(*(sentence.words for sentence in sentences))
        words = WordMeasures(
            evidence=self._weights.share(claim.words, words_of_evidence, of_none=0.0),
            paper=self._weights.share(claim.words, source.words, of_none=0.0),
        )
        return Measures(_fact_measures(claim, source, sentences), words, meaning)

    @cached_property
    def vectors(self) -> "NDArray[np.float32] | None":
        """One row a sentence, made when first asked for; None without an embedder."""
        if self._embedder is None or not self._sentences:
            return None
        return self._embedder.embed([sentence.sentence.text for sentence in self._sentences])

    def _cosines(self, text: str) -> tuple[list[float], list[float]]:
        """The cosines of the sentences with a claim and with its opposite; those of the last claim are kept."""
        if self._embedder is None or self.vectors is None:
            zeros = [0.0] * len(self._sentences)
            return zeros, zeros
        if self._last is None or self._last[0] != text:
            cosines = self.vectors @ self._embedder.embed([text, opposed_to(text)]).T
            self._last = (text, cosines[:, 0].tolist(), cosines[:, 1].tolist())
        return self._last[1], self._last[2]

    def _meaning(self, claim: ReadClaim, matches: Sequence[Match], number: int) -> MeaningMeasures | None:
        if self._embedder is None:
            return None
        _, opposed = self._cosines(claim.text)
        cosines = [
            (match.cosine, against)
            for match, against in zip(matches, opposed, strict=True)
            if match.sentence.number == number
        ]
        return MeaningMeasures(
            best_sentence=max(cosine for cosine, _ in cosines),
            above_opposite=max(cosine - against for cosine, against in cosines),
        )

    def _match(self, claim: ReadClaim, sentence: SourceSentence, cosine: float) -> Match:
        title = self._sources[sentence.number].title_words
        words = (
            self._weights.share(claim.words, sentence.words | title, of_none=0.0)
            if claim.words & sentence.words
            else 0.0
        )
        match = words if self._embedder is None else (1 - _MEANING) * words + _MEANING * max(cosine, 0.0)
        if missing_quantities(claim.quantities, sentence.quantities):
            match *= _MISSING_NUMBER
        return Match(sentence, match, cosine)

    def _with_further(
        self, claim: ReadClaim, leading: SourceSentence, others: Sequence[SourceSentence]
    ) -> tuple[SourceSentence, ...]:
        """The leading sentence with one more of its source when that adds a number, or enough words.

        Words of the title do not count as said: the sentence that names the thing belongs to "It cuts memory by 37%".
        """
        missing_words = claim.words - leading.words
        missing = missing_quantities(claim.quantities, leading.quantities)

        def gain(sentence: SourceSentence) -> float:
            numbers = len(missing) - len(missing_quantities(missing, sentence.quantities))
            return numbers + self._weights.share(claim.words, missing_words & sentence.words, of_none=0.0)

        further = max(others, key=gain, default=None)
        return (leading, further) if further is not None and gain(further) >= _ADDED_BY_SENTENCE else (leading,)


def _word_weights(sources: Sequence[ReadSource]) -> IdfWeights:
    """How rare words are among the sentences of the sources, as if there were `_UNSEEN_SENTENCES` more.

    Among a handful of sentences a word that the source lacks would else weigh many times one that it has.
    """
    sentences = [sentence for source in sources for sentence in source.sentences]
    frequencies = Counter(word for sentence in sentences for word in sentence.words)
    return IdfWeights(frequencies, len(sentences) + _UNSEEN_SENTENCES)


def _nearest(matches: Iterable[Match], number: int) -> tuple[SourceSentence, ...]:
    own = sorted((match for match in matches if match.sentence.number == number), key=lambda match: -match.match)
    return tuple(m.sentence for m in own[:_SENTENCES_TO_JUDGE] if m.match >= _CONTEXT_SHARE * own[0].match)


def _fact_measures(claim: ReadClaim, source: ReadSource, sentences: Sequence[SourceSentence]) -> FactMeasures:
    numbers, absent = absent_quantities(claim, [source]), absent_names(claim, [source])
    agreements = [agreement(claim.stance, sentence.stance) for sentence in sentences]
    return FactMeasures(
        missing_numbers=min(len(numbers), 2) / 2,
        missing_coined=min(sum(name.coined for name in absent), 2) / 2,
        clash=max((a.clashing for a in agreements), default=0.0),
        counter=min((a.counter for a in agreements), default=0.0),
        opposite=min((a.opposite for a in agreements), default=0.0),
        denial=min((a.denial for a in agreements), default=0.0),
        denied=min((a.denied for a in agreements), default=0.0),
    )
