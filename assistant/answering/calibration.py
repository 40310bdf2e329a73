"""The logistic models of the support check: the fitted constants, and the calibrations of readers kept in files.

The constants of the cheap steps are made by ``benchmarks/support.py --fit``.

These were fitted on the train part of SciFact: 894 pairs of a claim and an abstract, 370 of them supported, both
classes weighing the same; ridge-regularized logistic regression. `SURE_NO` leaves more to the model than SciFact asks
for: in HealthVer, which says things in other words, a fifth of what lies below 0.2 is supported.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import DeliveryError, InputError

_LEAST_PROBABILITY = 1e-4
CALIBRATED = frozenset({"qwen2.5-coder-1.5b"})
"""Local models whose judgements `BY_MODEL` was fitted on."""
SUPPORTED = 0.5
"""From this probability on a claim counts as supported."""
SURE_NO = 0.1
SURE_YES = 0.8
"""Between these two the cheap steps are undecided; beyond them they are right on 9 of 10 claims of SciFact."""
UNSURE_FROM = 0.2
"""From here to `SUPPORTED` a judged claim is left undecided; of those below one in twelve is supported."""
_HASH_DIGITS = 12
_READER_WEIGHTS = 2
_REMEDY = "Remove it, or write it again with `assistant eval --calibrate`."


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a bias, and one weight a measure in the order of `Measures.values`."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, values: Sequence[float]) -> float:
        """The probability of a row of measures, within 0..1."""
        return sigmoid(self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True)))


WITHOUT_VECTORS = Logistic(-1.31, (-1.8, -0.84, -2.34, -0.91, -1.21, -0.29, -1.15, 1.57, 2.18))
"""From facts and words."""
WITH_VECTORS = Logistic(-3.13, (-1.81, -0.6, -2.43, -0.93, -1.2, -0.32, -0.89, 1.29, 1.73, 2.94, 5.63))
"""From facts, words and meaning."""
BY_MODEL = Logistic(-2.53, (1.39,))
"""From the log odds of a model's yes, to which the other steps add nothing: 242 sentences about abstracts of the field
(`claims_dev`), judged by the 1.5B. Half is the cut that lets through 11 % of those that are not supported
(``benchmarks/judging.py``)."""


def sigmoid(log_odds: float) -> float:
    """The probability of log odds, without overflow."""
    if log_odds < 0:
        return math.exp(log_odds) / (1 + math.exp(log_odds))
    return 1 / (1 + math.exp(-log_odds))


def log_odds(probability: float, least: float = _LEAST_PROBABILITY) -> float:
    """The log odds of a probability, kept away from infinity: as far from 0 and 1 as ``least``."""
    bounded = min(max(probability, least), 1 - least)
    return math.log(bounded / (1 - bounded))


def calibration_path(config_file: Path, fingerprint: str) -> Path:
    """Where the calibration of a reader lies."""
    return config_file.with_name(f"calibration-{fingerprint[:_HASH_DIGITS]}.json")


def read_calibration(file: Path, fingerprint: str) -> Logistic | None:
    """The calibration of a reader; None when there is none. Raises `InputError` for another file."""
    try:
        stored = json.loads(file.read_bytes())
        if stored["reader"] != fingerprint:
            raise InputError(f"{file} was made for another reader.", _REMEDY)
        calibration = Logistic(float(stored["bias"]), tuple(map(float, stored["weights"])))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", _REMEDY) from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{file} is not a calibration.", _REMEDY) from error
    if len(calibration.weights) != _READER_WEIGHTS:
        raise InputError(f"{file} is not a calibration of this version.", _REMEDY)
    return calibration


def write_calibration(file: Path, fingerprint: str, calibration: Logistic, figures: Sequence[object]) -> None:
    """Keep a calibration with the figures that it was chosen by. Raises `DeliveryError`."""
    text = json.dumps({"reader": fingerprint, **asdict(calibration), "figures": list(figures)}, indent=2)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise DeliveryError(
            f"{file} cannot be written: {error.strerror}.", "Check the folder and its rights."
        ) from error
