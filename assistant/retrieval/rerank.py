"""A second look at the leading papers of a fused ranking: their texts against the words of the question.

BM25 and vectors judge a paper as a whole. Here it also counts how much of the question one place of the abstract
covers, and whether words that are neighbours in the question stand together.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

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
    return _raised(fused, {paper_id: _fit(question_words, *text, weights) for paper_id, text in texts.items()})


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


def _fit(question_words: Sequence[str], title: Sequence[str], abstract: Sequence[str], weights: IdfWeights) -> float:
    distinct_words = set(question_words)
    occurrences = [(place, word) for place, word in enumerate(abstract) if word in distinct_words]
    total = weights.total(distinct_words)
    covered = weights.total(distinct_words.intersection([*title, *abstract])) / total
    best = max((weights.total(place) for place in _windows(occurrences)), default=0.0) / total
    pairs = {pair for pair in pairwise(question_words) if pair[0] != pair[1]}
    everything = sum(map(weights.total, map(set, pairs)))
    standing = _standing(pairs, occurrences) | _standing(pairs, list(enumerate(title)))
    together = sum(map(weights.total, map(set, standing))) / everything if everything else 0.0
    return _COVERAGE * covered + _BEST_PLACE * best + _PAIRS * together


def _windows(occurrences: Sequence[tuple[int, str]]) -> list[set[str]]:
    """The words found together, for each window that begins with one of them."""
    return [
        {word for place, word in occurrences[number:] if place < start + _WINDOW}
        for number, (start, _) in enumerate(occurrences)
    ]


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
