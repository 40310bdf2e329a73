"""From signs to the probability that papers answer: every fitted constant.

Logistic regressions with a ridge of 0.3, fitted on `eval/daily_dev`, silver questions (at a quarter of the weight) and
some 100 questions written for it: on other domains, on invented methods and subjects without a paper, and needs in
everyday words. Questions about papers whose sha1 begins with 0 to 2 were left out. Weights of vectors in the
retrieval gate belong to the embedder that comes with the program. `benchmarks/refusal.py` measures.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answering.calibration import Logistic, log_odds, sigmoid

_LEAST = sigmoid(-6.0)
REFUSED_BY_RETRIEVAL = 0.45
"""Below it a question is refused; cross-validated, 4 in 60 paraphrases and 20 in 22 subjects that the corpus lacks."""
ANSWERED_BY_RETRIEVAL = 0.8
OPEN_TO_JUDGEMENT = (0.15, 0.85)
DETAIL_TOLD = 0.55
"""From it on an abstract tells a detail: between 0.54 and 0.56 none of 15 named questions is refused, 11 to 13 % of 120
silver ones and 80 to 85 % of 20 that are not told; it was chosen on these. The weights were fitted with
all-MiniLM-L6-v2 and a ridge of 0.3 on `daily_dev` (known_item with a name against near) and, at a weight of 0.3, silver
questions that name their paper; papers whose sha1 begins with 0 to 2 left out."""


@dataclass(frozen=True, slots=True)
class NamedLogistic:
    """A logistic model over named signs."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, signs: Mapping[str, float]) -> float:
        """0..1; a sign without a weight is passed over."""
        return Logistic(self.bias, tuple(self.weights.values())).probability([signs[name] for name in self.weights])


def logit(probability: float) -> float:
    """The log odds of a probability, held within -6 and 6."""
    return log_odds(probability, _LEAST)


BY_WORDS_AND_VECTORS = NamedLogistic(
    -5.2, {"likeness": 5.92, "alike": 6.19, "coverage": 2.63, "strange_name": -2.84, "strange_words": -3.16}
)
BY_WORDS = NamedLogistic(-7.15, {"matched": 6.06, "coverage": 4.26, "strange_name": -2.61, "strange_words": -3.81})

RETRIEVAL_BY_JUDGEMENT = NamedLogistic(-0.4, {"evidence": 1.0, "judged": 1.0})
"""Over the logits of the evidence and of the model's "yes" that the nearest paper answers. Chosen by hand on some 40
paraphrases, with a light weight: the right paper is often another one of those found, and the model says no then."""
DETAIL_BY_JUDGEMENT = NamedLogistic(-4.4, {"evidence": 1.57, "judged": 2.6})
"""The same for a detail of a named paper, fitted on 11 that are told and 15 that are not (`daily_dev`, 1.5B); papers
whose sha1 begins with 0 to 2 left out. Of all 36, each left out in turn, 1 of 21 that are not told passes."""

DETAIL_BY_MEANING = NamedLogistic(-0.07, {"near": 2.3, "shared": 0.8, "lacking": -1.3, "seldom": -3.35})
DETAIL_BY_WORDS = NamedLogistic(0.2, {"shared": 2.0, "lacking": -1.3, "seldom": -3.0})
