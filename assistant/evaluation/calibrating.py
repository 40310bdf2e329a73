"""Fits the calibration of a reader on claims with known labels: a logistic model of few measures, and its cut.

Claims of papers that are held back (`is_held_back`) are never fitted on; the calibration is reported on them. Folds of
the cross-validation hold whole papers. Of all cuts that let through at most `MOST_FALSE` of the claims that are not
supported, the one with the best balanced accuracy is taken.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.answering import SUPPORTED, Logistic, NumberedSource, Verdict
from assistant.answering.verification import SupportReader, reader_values
from assistant.errors import InputError
from assistant.evaluation.claims import is_held_back, numbered
from assistant.evaluation.measures import area_under_curve, mean, share
from assistant.evaluation.ports import Papers
from assistant.evaluation.questions import LabelledClaim
from assistant.evaluation.reading import read_questions
from assistant.library import StoredPaper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Labels = NDArray[np.bool_]


_RIDGE = 5.0
_STEPS = 40


def fitted(rows: "Matrix", supported: "Labels") -> Logistic:
    """Ridge-regularized logistic regression by Newton's method; both classes weigh the same, and must have rows."""
    import numpy as np

    mean, deviation = rows.mean(0), rows.std(0) + 1e-9
    design = np.c_[np.ones(len(rows)), (rows - mean) / deviation]
    share = supported.mean()
    weights = np.where(supported, 0.5 / share, 0.5 / (1 - share))
    ridge = _RIDGE * np.eye(design.shape[1])
    ridge[0, 0] = 0
    coefficients = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-design @ coefficients))
        gradient = design.T @ (weights * (chance - supported)) + ridge @ coefficients
        curvature = (design * (weights * chance * (1 - chance))[:, None]).T @ design + ridge
        coefficients -= np.linalg.solve(curvature, gradient)
    slopes = coefficients[1:] / deviation
    return Logistic(float(coefficients[0] - slopes @ mean), tuple(map(float, slopes)))


def with_cut(model: Logistic, cut: float) -> Logistic:
    """The model shifted so that its probability passes one half where it passed ``cut``."""
    return Logistic(model.bias - math.log(cut / (1 - cut)), model.weights)


MOST_FALSE = 0.12
"""Greatest share of the claims that are not supported which a cut may let through, where one does."""
_FOLDS = 5
_LEAST_CLAIMS = 20
_LEAST_OF_A_CLASS = 8


class ReadingChecker(Protocol):
    """The checks, as far as they say what a reader is given."""

    def reading(self, claim: str) -> tuple[tuple[str, ...], float]:
        """The evidence of a claim, one text a paper, and its probability by the cheap steps."""
        ...


class ReadingCheckers(Protocol):
    """What makes such checks for sources."""

    def __call__(self, sources: Sequence[NumberedSource], /) -> ReadingChecker:
        """The checks against these sources."""
        ...


@dataclass(frozen=True, slots=True)
class CalibrationSample:
    """A claim and what the calibration weighs of it."""

    paper_ids: tuple[str, ...]
    supported: bool
    values: tuple[float, float]

    @property
    def held_back(self) -> bool:
        """Whether it is never fitted on."""
        return any(map(is_held_back, self.paper_ids))

    @property
    def fold(self) -> int:
        """The part of the cross-validation that it belongs to, by its first paper."""
        return int(hashlib.sha1(self.paper_ids[0].encode(), usedforsecurity=False).hexdigest()[1:9], 16) % _FOLDS


@dataclass(frozen=True, slots=True)
class CutFigures:
    """How well claims are told apart at a cut; see `ClaimRow`."""

    group: str
    claims: int
    supported: int
    balanced_accuracy: float | None
    false_supported: float | None
    recall: float | None
    auc: float | None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration, and its figures: cross-validated on the claims that were fitted on, and on those held back.

    ``figures`` begin with the reader as it is without a calibration.
    """

    calibration: Logistic
    figures: tuple[CutFigures, ...]


class SamplePapers:
    """The sample papers, which the claims that ship with the program are about, in the words of the sample feed."""

    def get(self, paper_ids: Sequence[str]) -> list[StoredPaper]:
        """The papers of these ids."""
        from assistant.feeds import sample_batches

        papers = {record.paper.paper_id: record.paper for batch in sample_batches() for record in batch.records}
        return [StoredPaper(papers[paper_id]) for paper_id in paper_ids if paper_id in papers]


def shipped_claims() -> tuple[LabelledClaim, ...]:
    """The claims that ship with the program, about its sample papers."""
    return claims_of(Path(str(files("assistant.evaluation") / "sample" / "claims.jsonl")))


def claims_of(path: Path) -> tuple[LabelledClaim, ...]:
    """The claims of a file or folder. Raises `InputError` when it has none, and what `read_questions` raises."""
    claims = tuple(question for question in read_questions([path]).questions if isinstance(question, LabelledClaim))
    if not claims:
        raise InputError(
            f"{path} has no claims.",
            "Claims have the fields claim, paper_ids and label (`assistant eval --help` has them all).",
        )
    return claims


def measured_claims(
    claims: Sequence[LabelledClaim], papers: Papers, checkers: ReadingCheckers, reader: SupportReader
) -> Iterator[CalibrationSample]:
    """Read each claim with its evidence; one whose papers are not there is left out."""
    for claim in claims:
        claim_papers = papers.get(claim.paper_ids)
        if len(claim_papers) == len(claim.paper_ids):
            evidences, cheap = checkers(numbered(claim_papers)).reading(claim.text)
            values = reader_values(reader, claim.text, evidences, cheap)
            yield CalibrationSample(claim.paper_ids, claim.label is Verdict.SUPPORTED, values)


def calibrate(measured: Sequence[CalibrationSample]) -> Calibrated:
    """Fit on the claims that may be fitted on. Raises `InputError` for too few of them."""
    fit, held_back = [m for m in measured if not m.held_back], [m for m in measured if m.held_back]
    fewest = min(sum(m.supported for m in fit), sum(not m.supported for m in fit))
    if len(fit) < _LEAST_CLAIMS or fewest < _LEAST_OF_A_CLASS:
        raise InputError(
            f"{len(fit)} claims that may be fitted on are too few, or too much alike.",
            f"It takes {_LEAST_CLAIMS}, of which {_LEAST_OF_A_CLASS} are supported and {_LEAST_OF_A_CLASS} are not;"
            " papers whose SHA-1 begins with 0, 1 or 2 are held back.",
        )
    cross_validated = [0.0] * len(fit)
    for fold in range(_FOLDS):
        seen = [m for m in fit if m.fold != fold]
        model = _with_best_cut(seen) if _has_both(seen) else None
        for place, sample in enumerate(fit):
            if sample.fold == fold:
                cross_validated[place] = model.probability(sample.values) if model else 0.0
    calibration = _with_best_cut(fit)
    figures = [
        _figures("reader alone", measured, [Logistic(0.0, (1.0, 0.0)).probability(m.values) for m in measured]),
        _figures("cross-validated", fit, cross_validated),
    ]
    if held_back:
        figures.append(_figures("held back", held_back, [calibration.probability(m.values) for m in held_back]))
    return Calibrated(calibration, tuple(figures))


def _has_both(measured: Sequence[CalibrationSample]) -> bool:
    return len({sample.supported for sample in measured}) == 2


def _with_best_cut(measured: Sequence[CalibrationSample]) -> Logistic:
    """A model of these claims whose probability passes one half at the best cut."""
    import numpy as np

    rows = np.array([sample.values for sample in measured])
    model = fitted(rows, np.array([sample.supported for sample in measured]))
    chances = [model.probability(sample.values) for sample in measured]
    return with_cut(model, _best_cut(chances, [sample.supported for sample in measured]))


def _best_cut(chances: Sequence[float], supported: Sequence[bool]) -> float:
    """The middle between two neighbouring probabilities that parts the claims best."""
    values = sorted({0.0, *chances, 1.0})
    best, best_accuracy = 0.5, -1.0
    for below, above in pairwise(values):
        cut = (below + above) / 2
        called = [chance >= cut for chance in chances]
        recall = sum(c and s for c, s in zip(called, supported, strict=True)) / sum(supported)
        false = sum(c and not s for c, s in zip(called, supported, strict=True)) / (len(supported) - sum(supported))
        accuracy = (recall + 1 - false) / 2
        if false <= MOST_FALSE and accuracy > best_accuracy:
            best, best_accuracy = cut, accuracy
    return min(max(best, 1e-4), 1 - 1e-4)


def _figures(group: str, measured: Sequence[CalibrationSample], chances: Sequence[float]) -> CutFigures:
    right = [chance for sample, chance in zip(measured, chances, strict=True) if sample.supported]
    others = [chance for sample, chance in zip(measured, chances, strict=True) if not sample.supported]
    recall = share(sum(chance >= SUPPORTED for chance in right), len(right))
    false = share(sum(chance >= SUPPORTED for chance in others), len(others))
    balanced = None if recall is None or false is None else mean((recall, 1 - false))
    return CutFigures(group, len(measured), len(right), balanced, false, recall, area_under_curve(right, others))
