"""How good the answers of a classifier are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import DataError
from lstm_viz.words import N_

Numbers = npt.NDArray[np.floating]
Codes = npt.NDArray[Any]
"""Whole numbers from 0 on, one for each class."""


@dataclass(frozen=True)
class Roc:
    """The receiver operating characteristic: both rates at every threshold worth a point."""

    false_positive_rate: npt.NDArray[np.float64]
    """(M,) share of class 0 that is taken for class 1, from 0 to 1."""
    true_positive_rate: npt.NDArray[np.float64]
    """(M,) share of class 1 that is found, from 0 to 1."""
    thresholds: npt.NDArray[np.float64]
    """(M,) the probability from which on the answer is 1, falling; the first is infinite."""
    auc: float
    """Area under the curve: 1 parts the classes, 0.5 guesses."""


def accuracy(truth: Codes, predicted: Codes) -> float:
    """Share of right answers, over arrays of equal shape; NaN of none.

    >>> accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 2, 0]))
    0.75
    """
    from sklearn.metrics import accuracy_score

    if not np.size(truth):
        return np.nan
    return float(accuracy_score(np.ravel(truth), np.ravel(predicted)))


def confusion(truth: Codes, predicted: Codes, classes: int) -> npt.NDArray[np.int64]:
    """(C, C) counts: row the true class, column the answer.

    >>> confusion(np.array([0, 1, 1]), np.array([0, 1, 0]), classes=2)
    array([[1, 0],
           [1, 1]])
    """
    from sklearn.metrics import confusion_matrix

    if not np.size(truth):
        return np.zeros((classes, classes), np.int64)
    true, answer = (np.ravel(codes).astype(np.int64) for codes in (truth, predicted))
    return np.asarray(confusion_matrix(true, answer, labels=np.arange(classes)), np.int64)


def roc(truth: Codes, probability: Numbers) -> Roc:
    """The ROC curve of (n,) truths 0 and 1 and (n,) probabilities of 1.

    Raises DataError where only one class occurs, or a probability is no number. See Fawcett 2006,
    "An introduction to ROC analysis".

    >>> roc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])).auc
    0.75
    """
    from sklearn.metrics import auc, roc_curve

    true, score = np.ravel(truth).astype(np.int64), np.ravel(probability).astype(np.float64)
    if len(np.unique(true)) < 2:
        raise DataError(
            N_(
                "A ROC curve needs both classes; these {count} examples are of one. Choose "
                "another part, or make more."
            ),
            count=len(true),
        )
    if not np.isfinite(score).all():
        raise DataError(
            N_(
                "Some of the network's answers are not numbers. Choose another part, or train "
                "again."
            )
        )
    false_rate, true_rate, thresholds = roc_curve(true, score, drop_intermediate=False)
    return Roc(false_rate, true_rate, thresholds, float(auc(false_rate, true_rate)))
