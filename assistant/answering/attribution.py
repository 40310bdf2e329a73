"""Attribution: which source sentence bears a sentence of an answer out.

A claim is held against every sentence of every source by the weighted share of its words that stand there. A number
that the sentence lacks weakens it, a number that its whole paper lacks ends it, and so does a "not" of the claim's own.
The model's own markers are a hint: one that holds is kept, one that does not gives way to the sentence that matches
best.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Citation, CitationOrigin, Source
from assistant.retrieval.lexical_overlap import WordWeights, content_words
from assistant.sentences import Sentence, split_sentences

_KEPT = 0.25
"""Least score of a sentence behind a marker of the model's own."""
_MATCHED = 0.40
"""Least score of a sentence for a citation that the model did not ask for."""
_ADDED = 0.25
"""Least share of the claim's words that a further source must add to be cited beside the first."""
_MISSING_NUMBER = 0.6
"""What a score is multiplied by when the claim has a number that the sentence lacks."""
_MOST_SOURCES = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|lacks?|fails?|unlike|rather|instead|avoids?|free|hardly|un\w+|non\w*)\b|n't\b"
    r"|\w+-free\b",
    re.IGNORECASE,
)
_FORMULA_MARKS = re.compile(r"[$\\{}^]")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One sentence of a source with the words of its paper's title, under which it is read."""

    number: int
    sentence: Sentence
    words: frozenset[str]
    own_words: frozenset[str]
    numbers: frozenset[str]
    paper_numbers: frozenset[str]
    negated: bool


class Attributor:
    """Finds the evidence for claims in a fixed set of sources."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._candidates = [candidate for source in sources for candidate in _candidates(source)]
        self._weights = WordWeights.from_texts(candidate.sentence.text for candidate in self._candidates)

    def attribute(self, claim: str, marked: tuple[int, ...] = ()) -> tuple[Citation, ...]:
        """The citations a claim is to carry; none when nothing bears it out.

        ``marked`` are the sources that the model named.
        """
        words = frozenset(content_words(claim))
        scored = self._scored(words, _numbers(claim), negated=_is_negated(claim))
        kept = [
            Citation(number, candidate.sentence, CitationOrigin.MODEL)
            for number in marked
            if (best := _best(scored, number)) and best[0] >= _KEPT
            for candidate in (best[1],)
        ]
        return tuple(kept) or self._matched(words, scored)

    def _scored(
        self, words: frozenset[str], numbers: frozenset[str], *, negated: bool
    ) -> list[tuple[float, _Candidate]]:
        total = self._weight(words)
        if not total:
            return []
        fitting = [
            candidate
            for candidate in self._candidates
            if numbers <= candidate.paper_numbers and words & candidate.own_words and (candidate.negated or not negated)
        ]
        return [
            (
                self._weight(words & candidate.words)
                / total
                * (1.0 if numbers <= candidate.numbers else _MISSING_NUMBER),
                candidate,
            )
            for candidate in fitting
        ]

    def _matched(self, words: frozenset[str], scored: list[tuple[float, _Candidate]]) -> tuple[Citation, ...]:
        """The best sentence, then sentences of other sources for the words that are still without evidence."""
        best = _best(scored)
        if best is None or best[0] < _MATCHED:
            return ()
        chosen = [best[1]]
        total = self._weight(words)
        while len(chosen) < _MOST_SOURCES:
            left = words - frozenset().union(*(candidate.words for candidate in chosen))
            numbers = {candidate.number for candidate in chosen}
            others = [candidate for _, candidate in scored if candidate.number not in numbers]
            further = max(others, key=lambda candidate: self._weight(left & candidate.words), default=None)
            if further is None or self._weight(left & further.words) / total < _ADDED:
                break
            chosen.append(further)
        cited = sorted(chosen, key=lambda candidate: candidate.number)
        return tuple(Citation(c.number, c.sentence, CitationOrigin.ATTRIBUTED) for c in cited)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.weight(word) for word in words)


def _candidates(source: Source) -> list[_Candidate]:
    paper = source.paper.paper
    title = frozenset(content_words(paper.title))
    return [
        _Candidate(
            source.number,
            sentence,
            frozenset(content_words(sentence.text)) | title,
            frozenset(content_words(sentence.text)),
            _numbers(sentence.text) | _numbers(paper.title),
            _numbers(paper.text),
            _is_negated(sentence.text),
        )
        for sentence in split_sentences(paper.abstract)
    ]


def _best(scored: list[tuple[float, _Candidate]], number: int | None = None) -> tuple[float, _Candidate] | None:
    fitting = [pair for pair in scored if number is None or pair[1].number == number]
    return max(fitting, key=lambda pair: pair[0], default=None)


def _numbers(text: str) -> frozenset[str]:
    """The numbers of a text, formula signs and thousands separators aside."""
    plain = _FORMULA_MARKS.sub("", text)
    return frozenset(found.replace(",", "") for found in _NUMBER.findall(plain))


def _is_negated(text: str) -> bool:
    return _NEGATION.search(text) is not None
