"""A model that reads a claim together with its evidence, calibrated on claims with known labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.calibration import Logistic, log_odds

UNCALIBRATED = Logistic(0.0, (1.0, 0.0))
"""What holds for a reader that was not calibrated: its own probability of support alone, cut at one half."""


class SupportReader(Protocol):
    """What reads a claim together with evidence; any thread may ask it."""

    def support(self, claim: str, evidences: Sequence[str]) -> Sequence[tuple[float, float, float]]:
        """The probabilities that each evidence supports the claim wholly, in part, or not."""
        ...


class Verifier(Protocol):
    """What tells how probable it is that a claim is supported."""

    def probability(self, claim: str, evidences: Sequence[str], cheap: float) -> float:
        """The probability that one of the evidences, each of one paper, supports the claim.

        ``cheap`` is the probability by what the cheap steps measure. From one half on the claim counts as supported.
        """
        ...


@dataclass(frozen=True, slots=True)
class CalibratedReader:
    """A reader with the logistic model that joins its log odds and those of the cheap steps."""

    reader: SupportReader
    calibration: Logistic = UNCALIBRATED

    def probability(self, claim: str, evidences: Sequence[str], cheap: float) -> float:
        """The probability of the evidence that supports the claim best."""
        return self.calibration.probability(reader_values(self.reader, claim, evidences, cheap))


def reader_values(reader: SupportReader, claim: str, evidences: Sequence[str], cheap: float) -> tuple[float, float]:
    """What a calibration weighs: the log odds of the reader and of the cheap steps."""
    best = max((supported for supported, _, _ in reader.support(claim, evidences)), default=0.0)
    return log_odds(best), log_odds(cheap)
