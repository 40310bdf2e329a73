"""From signs to the probability that papers answer: every fitted constant of both gates.

Logistic regressions with a ridge of 0.3, fitted on half of `eval/daily_dev` (known_item against unanswerable) and 270
questions written for it: on other domains, on invented methods, on subjects without a paper, on details that an
abstract does not give, and answerable ones, in whole sentences and in keywords. `benchmarks/refusal.py` measures them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over named signs."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, signs: Mapping[str, float]) -> float:
        """0..1; a sign without a weight is passed over."""
        return sigmoid(self.intercept + sum(weight * signs[name] for name, weight in self.weights.items()))


def sigmoid(value: float) -> float:
    """The logistic function, without overflow."""
    if value < 0:
        return math.exp(value) / (1 + math.exp(value))
    return 1 / (1 + math.exp(-value))


def logit(probability: float) -> float:
    """The inverse of `sigmoid`, held within -6 and 6."""
    held = min(max(probability, sigmoid(-6.0)), sigmoid(6.0))
    return math.log(held / (1 - held))


BY_WORDS_AND_VECTORS = Logistic(
    -8.3, {"matched": 5.1, "likeness": 5.1, "coverage": 3.3, "rarest": -0.8, "unknown": -2.6}
)
BY_WORDS = Logistic(-7.5, {"matched": 5.9, "coverage": 4.0, "rarest": -0.7, "unknown": -2.9})
REFUSED_BY_RETRIEVAL = 0.3
"""Below it the first gate refuses; cross-validated, 2 in 80 answerable questions are."""
SUBJECT_REFUSED = 0.5
"""Below it keywords without a question are refused, whose words are all that there is to go by."""
ANSWERED_BY_RETRIEVAL = 0.8

BY_EVIDENCE_AND_VECTORS = Logistic(
    -5.0,
    {
        "matched": 1.44,
        "likeness": 5.6,
        "rarest": 1.1,
        "unknown": -3.0,
        "fitting": 2.0,
        "unfit_named": -0.95,
        "lacking": -1.5,
        "strange": -1.1,
    },
)
"""A rare word that the papers lack speaks for a paraphrase, one that the whole library lacks against an answer."""
BY_EVIDENCE_AND_WORDS = Logistic(
    -3.2, {"matched": 1.7, "rarest": 1.2, "unknown": -3.6, "fitting": 2.4, "lacking": -2.1, "strange": -1.0}
)
REFUSED_BY_EVIDENCE = 0.48
PART_TOLD = 0.65
"""From it on one part of a question carries an answer that the rest of the question would not."""
BY_EVIDENCE_ALONE = Logistic(0.1, {"fitting": 1.4, "lacking": -3.0})
REFUSED_BY_EVIDENCE_ALONE = 0.4
"""Whoever chose the papers wants them read: few questions on them are refused, and without a judge hardly any."""

BY_JUDGEMENT = Logistic(0.0, {"evidence": 1.0, "judged": 1.25})
"""Over the logits of the evidence and of the model's "yes" (1.5B; fitted on 62 questions, 36 of them answerable)."""
OPEN_TO_JUDGEMENT = (0.15, 0.85)
REFUSED_BY_JUDGEMENT = 0.48

DETAIL_BY_MEANING = Logistic(-0.07, {"near": 2.3, "shared": 0.8, "lacking": -1.3, "seldom": -3.35})
DETAIL_BY_WORDS = Logistic(0.2, {"shared": 2.0, "lacking": -1.3, "seldom": -3.0})
DETAIL_TOLD = 0.52
"""From it on an abstract tells a detail. Fitted with a ridge of 0.3 on `daily_dev` (known_item with a name against
near) and, at a weight of 0.3, silver questions that name their paper; papers whose sha1 begins with 0 to 2 left out."""
