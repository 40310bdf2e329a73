"""Measures of rankings and of texts, as the field defines them."""

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering import MARKER

Grades = Mapping[str, int]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_ARTICLES = frozenset({"a", "an", "the"})
_MARKERS = re.compile(rf"[ \t]*{MARKER}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How a text compares with a reference: ``f1`` of their tokens, and ROUGE-L recall, both 0..1.

    The latter is the share of the reference that its longest common subsequence with the text makes up.
    """

    f1: float
    rouge_l_recall: float


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Normalized discounted cumulative gain (linear gains) of the first ``depth`` papers."""
    gained = sum(grades.get(paper_id, 0) / math.log2(rank + 2) for rank, paper_id in enumerate(ranking[:depth]))
    ideal = sorted(grades.values(), reverse=True)[:depth]
    return gained / sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal))


def recall(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """Share of the relevant papers among the first ``depth``."""
    return len(set(ranking[:depth]) & grades.keys()) / len(grades)


def hit(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """1 when a relevant paper is among the first ``depth``, else 0."""
    return float(any(paper_id in grades for paper_id in ranking[:depth]))


def first_rank(ranking: Sequence[str], grades: Grades) -> int | None:
    """The rank of the first relevant paper, from 1; None when there is none."""
    return next((rank for rank, paper_id in enumerate(ranking, start=1) if paper_id in grades), None)


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The probability that a positive one has the greater score, ties counting half (ROC AUC); None without both."""
    if not positives or not negatives:
        return None
    won = sum((positive > other) + 0.5 * (positive == other) for positive in positives for other in negatives)
    return won / (len(positives) * len(negatives))


def overlap(text: str, reference: str) -> Overlap | None:
    """How much a text says of what a reference says; None for a reference without words.

    Tokens are compared without case, articles (as SQuAD does it) and citation markers; numbers stay whole.
    """
    text_tokens, reference_tokens = tokens(text), tokens(reference)
    if not reference_tokens:
        return None
    common = sum((Counter(text_tokens) & Counter(reference_tokens)).values())
    return Overlap(
        2 * common / (len(text_tokens) + len(reference_tokens)),
        _longest_common(text_tokens, reference_tokens) / len(reference_tokens),
    )


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, folded, without articles and citation markers."""
    matches = _TOKEN.findall(without_markers(text).casefold())
    return [token for token in matches if token not in _ARTICLES]


def without_markers(text: str) -> str:
    """A text without citation markers and the blanks before them."""
    return _MARKERS.sub("", text)


def _longest_common(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    lengths = [0] * (len(right) + 1)
    for token in left:
        diagonal = 0
        for place, candidate in enumerate(right, start=1):
            diagonal, lengths[place] = (
                lengths[place],
                diagonal + 1 if token == candidate else max(lengths[place], lengths[place - 1]),
            )
    return lengths[-1]


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is known; None when nothing is."""
    present = [value for value in values if value is not None]
    return statistics.fmean(present) if present else None


def median(values: Iterable[float | None]) -> float | None:
    """The median of what is known; None when nothing is."""
    present = [value for value in values if value is not None]
    return statistics.median(present) if present else None


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None of an empty one."""
    return part / whole if whole else None
