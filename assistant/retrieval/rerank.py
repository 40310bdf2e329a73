"""A second look at the leading papers of a fused ranking: their texts against the words of the question.

BM25 and vectors judge a paper as a whole. Here it also counts how much of the question one place of the abstract
covers, and whether words that are neighbours in the question stand together.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from assistant.papers import Paper
from assistant.retrieval.term_weights import IdfWeights, content_words

_COVERAGE = 0.25
_BEST_PLACE = 0.25
_PAIRS = 0.25
"""Weights beside 1 for the fused score, equal ones preferred. With the embedder that comes with the program and 0.6 of
the weight on vectors, 0.12, 0.24 and 0.4 are alike within noise on 60 paraphrases, 700 silver questions and 12 needs;
at 0.4 surveys lose. Inverse document frequencies of the leading papers alone measured better than those of the whole
corpus."""
_WINDOW = 35  # words without stop words: two or three sentences
_NEAR = 4  # words between neighbours of the question, as in the lexical index

Pair = tuple[str, str]


def rerank(question: str, fused: Mapping[str, float], papers: Sequence[Paper]) -> dict[str, float]:
    """The fused scores with what the papers' texts add; best first, 0..1.

    ``papers`` are leading ones of ``fused``; the rest keeps its order behind them. The best score stays what it was, so
    that it still tells how far words and vectors agree.
    """
    question_words = content_words(question)
    if not question_words or not papers:
        return dict(fused)
    texts = {paper.paper_id: (content_words(paper.title), content_words(paper.abstract)) for paper in papers}
    weights = IdfWeights.from_words({*title, *abstract} for title, abstract in texts.values())
    question_terms = _QuestionWords.of(question_words, weights)
    return _raised(fused, {paper_id: _fit(question_terms, *text, weights) for paper_id, text in texts.items()})


def reordered(fused: Mapping[str, float], papers: Sequence[Paper], relevances: Sequence[float]) -> dict[str, float]:
    """The fused scores with how well each of the leading papers answers, 0..1, as a model read it; like `rerank`."""
    return _raised(fused, {paper.paper_id: score for paper, score in zip(papers, relevances, strict=True)})


def _raised(fused: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    raised = {paper_id: fused[paper_id] + score for paper_id, score in more.items()}
    scale = max(fused.values()) / max(raised.values()) if max(raised.values()) > 0 else 0.0
    scores = {paper_id: scale * score for paper_id, score in raised.items()}
    lowest = min(scores.values())
    scores |= {paper_id: min(score, lowest) for paper_id, score in fused.items() if paper_id not in scores}
    return dict(sorted(scores.items(), key=lambda scored: -scored[1]))


@dataclass(frozen=True, slots=True)
class _QuestionWords:
    """The distinct words of a question and its pairs of neighbours, with what each of them weighs together."""

    words: frozenset[str]
    words_weight: float
    pairs: frozenset[Pair]
    pairs_weight: float

    @classmethod
    def of(cls, question_words: Sequence[str], weights: IdfWeights) -> Self:
        words = frozenset(question_words)
        pairs = frozenset(pair for pair in pairwise(question_words) if pair[0] != pair[1])
        return cls(words, weights.total(words), pairs, _total_of_pairs(pairs, weights))


def _fit(question: _QuestionWords, title: Sequence[str], abstract: Sequence[str], weights: IdfWeights) -> float:
    occurrences = [(place, word) for place, word in enumerate(abstract) if word in question.words]
    held = question.words.intersection(title).union(word for _, word in occurrences)
    covered = weights.total(held) / question.words_weight
    best = max(map(weights.total, _windows(occurrences)), default=0.0) / question.words_weight
    standing = _standing(question.pairs, occurrences) | _standing(question.pairs, enumerate(title))
    together = _total_of_pairs(standing, weights) / question.pairs_weight if question.pairs_weight else 0.0
    return _COVERAGE * covered + _BEST_PLACE * best + _PAIRS * together


def _total_of_pairs(pairs: Iterable[Pair], weights: IdfWeights) -> float:
    return sum(weights.weight(first) + weights.weight(second) for first, second in pairs)


def _windows(occurrences: Sequence[tuple[int, str]]) -> set[frozenset[str]]:
    """The words found together, for each window that begins with one of them."""
    places = [place for place, _ in occurrences]
    words = [word for _, word in occurrences]
    return {frozenset(words[first : bisect_left(places, start + _WINDOW, first)]) for first, start in enumerate(places)}


def _standing(pairs: Iterable[Pair], occurrences: Iterable[tuple[int, str]]) -> set[Pair]:
    """The pairs whose words stand near each other, the second at most one before the first."""
    at: dict[str, list[int]] = {}
    for number, word in occurrences:
        at.setdefault(word, []).append(number)
    return {
        (first, second)
        for first, second in pairs
        if first in at
        and second in at
        and any(-1 <= right - left <= _NEAR and left != right for left in at[first] for right in at[second])
    }
