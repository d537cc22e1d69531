"""How a forecast compares with those that anyone can make, in numbers and in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.comparison import APART, FEWEST, Sample
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _, ngettext

Numbers = npt.NDArray[np.floating]

SETS: Mapping[str, str] = {
    "training": N_("training set"),
    "validation": N_("validation set"),
    "test": N_("test set"),
}
"""What a sentence calls the parts of the data."""

NOT_FINITE = N_("On the {set} some forecasts are not finite.")
NOTHING = N_("The {set} holds no forecast to judge.")
TOO_FEW = N_(
    "On the {set}: MAE {model}, naive forecast (last value) {naive}: too few forecasts to compare."
)
BOTH_EXACT = N_("On the {set} network and naive forecast (last value) are both exact.")
NAIVE_EXACT = N_(
    "On the {set} the naive forecast (last value) is exact; the network's MAE is {model}."
)
EQUAL = N_(
    "On the {set} the MAE, {model}, does not differ measurably from the naive forecast's (last "
    "value, {naive})."
)
TIMES = N_(
    "On the {set} the MAE is {ratio} times the naive forecast's (last value): {model} against "
    "{naive}."
)
UNSURE = N_(
    "On the {set} the MAE is {ratio} times the naive forecast's (last value): {model} against "
    "{naive}. It is nearer in {nearer} of {count}; chance cannot be ruled out."
)
SEASON_UNSURE = N_(
    "It is {ratio} times the seasonal naive one's ({seasonal}); chance cannot be ruled out."
)
SEASON_EQUAL = N_("It does not differ measurably from the seasonal naive one's ({seasonal}).")
SEASON_EXACT = N_("The seasonal naive forecast is exact.")
SEASON_TIMES = N_("It is {ratio} times the seasonal naive one's ({seasonal}).")


def said_constant(part: str, truth: Numbers) -> str:
    """That all values that were to be forecast on a part are one; nothing where they are not."""
    if truth.size < FEWEST or truth.min() < truth.max():
        return ""
    words = _(
        "All values to forecast in the {set} are {value}: nothing can be judged. Is the sensor "
        "stuck?"
    )
    return words.format(set=_(SETS[part]), value=numeral(float(truth.flat[0]), 6))


@dataclass(frozen=True)
class Verdict:
    """A sentence or two, and whether they are good news."""

    said: str
    better: bool
    """Whether the network's error is below that of every simple forecast, by the margin."""


def verdict(part: str, model: Sample, naive: Sample, seasonal: Sample | None = None) -> Verdict:
    """How the absolute errors of a network's forecasts compare with the naive ones, on a part.

    >>> errors = np.array([1.0, 2.0, 3.0, 2.0, 1.0, 3.0])
    >>> print(verdict("test", Sample(errors / 4), Sample(errors)).said)
    On the test set the MAE is 0.25 times the naive forecast's (last value): 0.5 against 2.
    """
    away = model.minus(naive)
    season = None if seasonal is None else model.minus(seasonal)
    values = {
        "set": _(SETS[part]),
        "model": numeral(model.mean),
        "naive": numeral(naive.mean),
        "ratio": numeral(model.mean / naive.mean) if naive.mean else "",
        "nearer": int((model.values < naive.values).sum()),
        "count": len(model.values),
    }
    template = _template(model, naive, away.sign)
    said = [_(template).format(**values)]
    if seasonal is not None and season is not None and template in (TIMES, EQUAL, UNSURE):
        said += _seasonal(model, seasonal, season.sign)
    return Verdict(" ".join(said), away.sign < 0 and (season is None or season.sign < 0))


def _seasonal(model: Sample, seasonal: Sample, sign: int) -> list[str]:
    if not math.isfinite(seasonal.mean):
        return []
    if not seasonal.mean:
        return [_(SEASON_EXACT)] if model.mean else []
    words = _fitting(model, seasonal, sign, SEASON_TIMES, SEASON_UNSURE, SEASON_EQUAL)
    ratio = numeral(model.mean / seasonal.mean)
    return [_(words).format(ratio=ratio, seasonal=numeral(seasonal.mean))]


def _template(model: Sample, naive: Sample, sign: int) -> str:
    if math.isnan(naive.mean):
        return NOTHING
    if not math.isfinite(model.mean):
        return NOT_FINITE
    if not naive.mean:
        return NAIVE_EXACT if model.mean else BOTH_EXACT
    if len(model.values) < FEWEST:
        return TOO_FEW
    return _fitting(model, naive, sign, TIMES, UNSURE, EQUAL)


def _fitting(model: Sample, simple: Sample, sign: int, plain: str, unsure: str, equal: str) -> str:
    """The words for errors that are simply told, that may be smaller by chance, or that are equal.

    Of a network that is far worse on these forecasts nobody asks whether that is chance.
    """
    ratio = model.mean / simple.mean
    if sign or ratio >= APART:
        return plain
    return unsure if ratio <= 1 / APART else equal


def absolute_errors(truth: Numbers, prediction: Numbers) -> Sample:
    """The mean absolute error of each of n forecasts (n, P) in their order.

    Infinite where a forecast is not a number.
    """
    away = np.abs(np.asarray(prediction, np.float64) - truth).mean(axis=1)
    return Sample(np.where(np.isnan(away), np.inf, away), in_order=True)


def better_at(truth: Numbers, prediction: Numbers, naive: Numbers) -> list[int]:
    """The steps ahead, from 1, at which (n, P) forecasts in order beat the naive ones measurably.

    That of P comparisons together: of 20 steps, one would often seem better by chance.
    """
    away, simple = (np.abs(np.asarray(each, np.float64) - truth) for each in (prediction, naive))
    steps = truth.shape[1]
    return [
        step + 1
        for step in range(steps)
        if Sample(away[:, step], in_order=True).better_than(Sample(simple[:, step]), among=steps)
    ]


def said_better_at(steps: Sequence[int], of: int) -> str:
    """At which of the steps ahead the network is better than the naive forecast."""
    if not steps:
        return _("At no step ahead measurably better than the naive forecast.")
    if len(steps) == of:
        return _("At every step ahead better than the naive forecast.")
    if list(steps) == list(range(1, len(steps) + 1)):
        return ngettext(
            "Better than the naive forecast up to {count} step ahead.",
            "Better than the naive forecast up to {count} steps ahead.",
            len(steps),
        ).format(count=len(steps))
    return _("Measurably better than the naive forecast {steps} steps ahead.").format(
        steps=ranges(steps)
    )


def ranges(numbers: Sequence[int]) -> str:
    """Rising numbers, neighbours drawn together.

    >>> ranges([1, 3, 4, 5, 9])
    '1, 3-5, 9'
    """
    runs = np.split(np.asarray(numbers), np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def said_outside(
    part: str, values: Numbers, training: Numbers, *, differences: bool = False
) -> str:
    """How much of a part lies outside the range that training saw; nothing where all is inside.
    It may be of the `differences` that the network reads in its place.

    By less than a hundredth of the range is inside: so far apart are the peaks of one sine.
    """
    low, high = float(np.min(training)), float(np.max(training))
    little = 0.01 * (high - low)
    beyond = (values < low - little) | (values > high + little)
    if part == "training" or not beyond.any():
        return ""
    # of a zero that was scaled and back something is left
    low, high = (0.0 if abs(end) < 1e-6 * (high - low) else end for end in (low, high))
    words = (
        _("As differences, {share} of the {set} lies outside the training range ({low} to {high}).")
        if differences
        else _("{share} of the {set} lies outside the training range ({low} to {high}).")
    )
    return words.format(
        share=percent(float(np.mean(beyond))),
        set=_(SETS[part]), low=numeral(low, 4), high=numeral(high, 4),
    )  # fmt: skip
