"""What can be had without looking at the input: the best answer that is always the same.

Chance belongs to a task and a loss, and to the examples that it is compared on: the constant that
is best on exactly these.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import NOT_SCORED, Dataset, Problem
from lstm_viz.measures.comparison import Sample

Numbers = npt.NDArray[np.floating]
Answers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

HALVINGS = 60
"""Of the interval that holds Huber's best constant: to the last bit of a double."""


@dataclass(frozen=True, eq=False)
class Chance:
    """The best constant answer to n examples."""

    losses: Sample
    """Its loss on each example, in the unit of the loss."""
    errors: Sample
    """Of numbers, the absolute error of the median; of classes, the share of wrong answers of
    the most frequent one."""
    problem: Problem

    @property
    def loss(self) -> float:
        """Mean loss over all answers that are asked for."""
        return self.losses.mean

    @property
    def accuracy(self) -> float:
        """Share of right answers among those judged; NaN where numbers are asked for."""
        return math.nan if self.problem == "regression" else 1 - self.errors.mean


def chance(dataset: Dataset, loss: str) -> Chance:
    """The best constant answer to the validation examples that a run is measured on."""
    places = dataset.measured
    judged = dataset.judged_part("validation")
    answers = dataset.part("validation")[1][places]
    rows = dataset.answers is None  # windows of one series, or of one text
    chosen = None if judged is None else judged[places]
    targets = len(dataset.target_names) if dataset.is_series else None
    return constant_answer(answers, loss, dataset.problem, chosen, in_order=rows, targets=targets)


BETTER = 0.9
"""Of the loss of the best constant answer: below it, it is no longer guessing."""


def found_out(losses: Sequence[float], constant: float) -> int | None:
    """The place from which on all losses are a tenth below that of the best constant answer.

    None where the last one is not, or where all of them are: then there is no way to it.

    >>> found_out([1.0, 0.5, 1.0, 0.8, 0.1], constant=1.0), found_out([1.0, 0.95], constant=1.0)
    (3, None)
    """
    guessing = [k for k, loss in enumerate(losses) if not loss <= BETTER * constant]
    return guessing[-1] + 1 if guessing and guessing[-1] < len(losses) - 1 else None


def constant_answer(
    answers: Answers,
    loss: str,
    problem: Problem,
    judged: Mask | None = None,
    in_order: bool = False,
    targets: int | None = None,
) -> Chance:
    """The best constant answer to these answers, as `Dataset` has them: (n, P), (n, 1), (n, T).

    Where `NOT_SCORED` stands nothing is asked for; `judged` (n, T) says which answers the
    accuracy looks at, None for all that are asked for. `loss` is one of "mse", "mae", "huber",
    "bce" and "cross_entropy". Of `targets` (K) columns at several steps ahead, P = steps · K, the
    answer is one number a column: the same at every step.

    >>> half = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> constant_answer(half, "mse", "regression").loss, constant_answer(half, "bce", "binary").loss
    (0.25, 0.693...)
    """
    if not len(answers):
        nothing = Sample(np.zeros(0))
        return Chance(nothing, nothing, problem)
    asked = scored(answers, problem)
    weights = asked.sum(axis=1).astype(np.float64)
    if problem == "regression":
        pooled = answers.reshape(-1, targets or answers.shape[1])  # (n · steps, K)
        costs, away = (
            LOSSES[each](pooled, asked).reshape(answers.shape).mean(axis=1)
            for each in (loss, "mae")
        )
        return Chance(Sample(costs, weights, in_order), Sample(away, weights, in_order), problem)
    losses = Sample(_mean(LOSSES[loss](answers, asked), asked), weights, in_order)
    counted = asked if judged is None else judged
    wrong = answers != most_frequent(answers[counted])
    share = _mean(wrong.astype(np.float64), counted)
    return Chance(losses, Sample(share, counted.sum(axis=1).astype(np.float64), in_order), problem)


def scored(answers: Answers, problem: Problem) -> Mask:
    """Which answers are asked for."""
    if problem == "classes":
        return np.asarray(answers != NOT_SCORED)
    return np.ones(answers.shape, np.bool_)


def _mse(answers: Answers, _asked: Mask | None = None) -> Numbers:
    """(y - mean)², output by output."""
    values = answers.astype(np.float64)
    return np.asarray((values - values.mean(axis=0, keepdims=True)) ** 2)


def _mae(answers: Answers, _asked: Mask | None = None) -> Numbers:
    """|y - median|."""
    values = answers.astype(np.float64)
    return np.asarray(np.abs(values - np.median(values, axis=0, keepdims=True)))


def _huber(answers: Answers, _asked: Mask | None = None) -> Numbers:
    """r²/2 up to |r| = 1 and |r| - 1/2 beyond, at the c where Σ clip(y - c, -1, 1) = 0."""
    values = answers.astype(np.float64)
    low, high = values.min(axis=0), values.max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_low = np.clip(values - middle, -1, 1).sum(axis=0) > 0
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    away = np.abs(values - (low + high) / 2)
    return np.asarray(np.where(away <= 1, away**2 / 2, away - 0.5))


def _bce(answers: Answers, _asked: Mask | None = None) -> Numbers:
    """-ln p of the answer that came, p the share of ones."""
    ones = answers > 0.5
    share = np.where(ones, ones.mean(), 1 - ones.mean())
    return np.asarray(-np.log(share))


def _cross_entropy(answers: Answers, asked: Mask) -> Numbers:
    """-ln p of the class that came, p its share of all answers that are asked for."""
    codes = np.where(asked, answers, 0).astype(np.int64)
    counts = np.bincount(codes[asked], minlength=int(codes.max(initial=0)) + 1)
    shares = counts / max(counts.sum(), 1)
    return np.asarray(-np.log(np.where(asked, shares[codes], 1.0)))


LOSSES: Mapping[str, Callable[[Answers, Mask], Numbers]] = {
    "mse": _mse,
    "mae": _mae,
    "huber": _huber,
    "bce": _bce,
    "cross_entropy": _cross_entropy,
}
"""Loss -> what the best constant answer costs at each answer, in the answers' shape."""


def most_frequent(codes: Answers) -> int:
    """The code (0, 1, 2, ...) that comes most often; 0 of none."""
    return int(np.bincount(codes.astype(np.int64)).argmax()) if codes.size else 0


def _mean(values: Numbers, counted: Mask) -> Numbers:
    """(n,) each example's mean over what counts; 0 where nothing does."""
    return np.asarray((values * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1))
