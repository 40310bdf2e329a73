"""Logistic regression with few rows, for what is fitted on labelled claims."""

import math
from typing import TYPE_CHECKING

from assistant.answering.calibration import Logistic

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
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-design @ found))
        gradient = design.T @ (weights * (chance - supported)) + ridge @ found
        curvature = (design * (weights * chance * (1 - chance))[:, None]).T @ design + ridge
        found -= np.linalg.solve(curvature, gradient)
    slopes = found[1:] / deviation
    return Logistic(float(found[0] - slopes @ mean), tuple(map(float, slopes)))


def with_cut(model: Logistic, cut: float) -> Logistic:
    """The model shifted so that its probability passes one half where it passed ``cut``."""
    return Logistic(model.bias - math.log(cut / (1 - cut)), model.weights)
