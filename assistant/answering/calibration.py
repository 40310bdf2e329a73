"""The fitted constants of the support check; those of the cheap steps are made by ``benchmarks/support.py --fit``.

These were fitted on the train part of SciFact: 894 pairs of a claim and an abstract, 370 of them supported, both
classes weighing the same; ridge-regularized logistic regression. `SURE_NO` leaves more to the model than SciFact asks
for: in HealthVer, which says things in other words, a fifth of what lies below 0.2 is supported.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a bias, and one weight a measure in the order of `Measures.values`."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, values: Sequence[float]) -> float:
        """The probability of a row of measures, within 0..1."""
        score = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-score))


WITHOUT_VECTORS = Logistic(-1.31, (-1.8, -0.84, -2.34, -0.91, -1.21, -0.29, -1.15, 1.57, 2.18))
"""From facts and words."""
WITH_VECTORS = Logistic(-3.13, (-1.81, -0.6, -2.43, -0.93, -1.2, -0.32, -0.89, 1.29, 1.73, 2.94, 5.63))
"""From facts, words and meaning."""
BY_MODEL = Logistic(-2.53, (1.39,))
"""From the log odds of a model's yes, to which the other steps add nothing: 242 sentences about abstracts of the field
(`claims_dev`), judged by the 1.5B. Half is the cut that lets through 11 % of those that are not supported
(``benchmarks/judging.py``)."""
CALIBRATED = frozenset({"qwen2.5-coder-1.5b"})
"""Local models whose judgements `BY_MODEL` was fitted on."""

SUPPORTED = 0.5
"""From this probability on a claim counts as supported."""
SURE_NO = 0.1
SURE_YES = 0.8
"""Between these two the cheap steps are undecided; beyond them they are right on 9 of 10 claims of SciFact."""
UNSURE_FROM = 0.2
"""From here to `SUPPORTED` a judged claim is left undecided; of those below one in twelve is supported."""


def log_odds(probability: float) -> float:
    """The log odds of a probability, kept away from infinity."""
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
