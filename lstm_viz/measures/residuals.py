"""What the errors of one-step forecasts show: bias, a pattern that is left, a lag."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.comparison import Difference, Sample, lags_of_overlap
from lstm_viz.measures.periods import autocorrelation
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

LAGS = 10
"""Lags at which consecutive residuals are looked at."""
RARE = 29.59
"""Value that a χ² with 10 degrees of freedom exceeds once in 1,000 times."""
USUAL = 18.31
"""Value that it exceeds once in 20 times."""
STANDS_OUT = 4.0
"""White noise standard errors (1/√n) from which on one autocorrelation alone counts."""


def bias(residual: Numbers) -> Difference:
    """Mean of (n,) residuals, forecast minus truth, and its standard error.

    Neighbouring residuals need not be independent: see `Sample.minus`.
    """
    sample = Sample(residual, lags=lags_of_overlap(len(residual)))
    return sample.minus(sample.like(np.zeros(len(residual))))


def said_bias(residual: Numbers) -> str:
    """Whether the forecast is too high or too low on average."""
    found = bias(residual)
    values = {"mean": f"{abs(found.mean):.3g}", "error": f"{found.error:.2g}"}
    if not math.isfinite(found.error):
        return ""
    if found.sign > 0:
        words = _("On average the forecast is {mean} too high (standard error {error}).")
    elif found.sign < 0:
        words = _("On average the forecast is {mean} too low (standard error {error}).")
    else:
        words = _("No measurable bias: the mean residual is within two standard errors of 0.")
    return words.format(**values)


@dataclass(frozen=True)
class Pattern:
    """The autocorrelation that stands out most of a series that should have none."""

    lag: int
    correlation: float


def portmanteau(values: Numbers, lags: int = LAGS) -> float:
    """Q = n (n + 2) Σ_k r_k² / (n - k), k = 1 .. `lags`: χ² with `lags` degrees in white noise.

    Ljung & Box 1978, "On a measure of lack of fit in time series models".
    """
    count = len(values)
    r = autocorrelation(values, lags)[1:]
    return float(count * (count + 2) * np.sum(r**2 / (count - np.arange(1, lags + 1))))


def pattern(residual: Numbers, season: int | None = None) -> Pattern | None:
    """What is left to be forecast in (n,) residuals; None where they are like white noise.

    By the portmanteau test over 10 lags, once in 1,000 times wrongly, or by the autocorrelation at
    the season. Looked for in 3 times as many residuals as lags at least.
    """
    if len(residual) < 3 * LAGS or not np.isfinite(residual).all():
        return None
    r = autocorrelation(residual, max(LAGS, season or 0))
    if season and season < len(residual) // 3 and r[season] > STANDS_OUT / math.sqrt(len(residual)):
        return Pattern(season, float(r[season]))
    if portmanteau(residual) <= RARE:
        return None
    lag = 1 + int(np.abs(r[1 : LAGS + 1]).argmax())
    return Pattern(lag, float(r[lag]))


def said_pattern(residual: Numbers, season: int | None = None) -> str:
    """Whether the residuals contain a pattern; nothing where there are too few to tell."""
    if len(residual) < 3 * LAGS or not np.isfinite(residual).all():
        return ""
    found = pattern(residual, season)
    if found is None:
        return _("No autocorrelation of the residuals is larger than chance would make it.")
    values = {"lag": found.lag, "correlation": f"{found.correlation:.2f}"}
    if found.lag == season:
        words = _(
            "The residuals repeat with the season of {lag} rows (autocorrelation {correlation}): "
            "the network does not forecast all of it."
        )
    else:
        words = _(
            "The residuals are autocorrelated, most at a lag of {lag} (autocorrelation "
            "{correlation}): something is left that could be forecast."
        )
    return words.format(**values)


def said_lag(truth: Numbers, forecast: Numbers, before: Numbers) -> str:
    """That (n,) one-step forecasts follow one step late; nothing where they do not.

    They do where they lie closer to the values `before` than both the ones they forecast and
    these values' own next ones do: a flat line far below a falling series follows nothing.
    """
    lags = lags_of_overlap(len(forecast))
    late = Sample(np.abs(forecast - before), lags=lags)
    due, change = late.like(np.abs(forecast - truth)), late.like(np.abs(truth - before))
    if not (late.better_than(due) and late.better_than(change)):
        return ""
    return _(
        "It follows one step late: on average it lies {late} from the value before, and {due} from "
        "the value that it forecasts."
    ).format(late=f"{late.mean:.3g}", due=f"{due.mean:.3g}")


def is_like_random_walk(training: Numbers) -> bool:
    """Whether changes from one of (n,) values to the next are not autocorrelated and have mean 0.

    Of such a series the last value is the best forecast. The portmanteau test over 10 lags finds
    nothing at its 5 % level; a series that hardly moves from one value to the next passes too.
    """
    changes = np.diff(training)
    if len(changes) < 3 * LAGS or not np.any(changes):
        return False
    return portmanteau(changes) <= USUAL and bias(changes).sign == 0


def said_random_walk(training: Numbers) -> str:
    """That the training set is like a random walk; nothing where it is not."""
    if not is_like_random_walk(training):
        return ""
    return _(
        "In the training set, changes from one value to the next show no autocorrelation: as in a "
        "random walk, for which no forecast beats the last value."
    )
