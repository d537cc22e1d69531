"""How far off a forecast may be: split conformal bands, and how often the truth lay inside."""

import math

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import percent
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]

MEANT = 0.9
"""Share of the truth that a band is meant to hold."""
ROUNDING = 1e-9
"""Of (n + 1) · 0.9, which is no whole number where it should be one."""


def half_width(residuals: Numbers, meant: float = MEANT) -> float:
    """The ⌈(n + 1) · meant⌉-th smallest of |r| over (n,) residuals: a band of forecast ± this.

    It holds the next value with a probability of `meant` at least where that one is
    exchangeable with those of the residuals: Lei, G'Sell, Rinaldo, Tibshirani & Wasserman 2018,
    "Distribution-free predictive inference for regression". NaN where n is too small for it;
    infinite where too many residuals are no number.

    >>> half_width(np.array([3.0, -1.0, 2.0, 4.0]), meant=0.6), half_width(np.arange(8.0))
    (3.0, nan)
    """
    place = math.ceil((len(residuals) + 1) * meant - ROUNDING)
    if place > len(residuals):
        return math.nan
    away = np.abs(np.asarray(residuals, np.float64))
    return float(np.sort(np.where(np.isnan(away), np.inf, away))[place - 1])


def fewest(meant: float = MEANT) -> int:
    """Residuals below which there is no band.

    >>> fewest(0.9), fewest(0.5)
    (9, 1)
    """
    return math.ceil(meant / (1 - meant) - ROUNDING)


def half_widths(truth: Numbers, forecast: Numbers) -> Numbers:
    """(P,) that of each step ahead, from n forecasts (n, P); NaN in `truth` where none is known."""
    known = np.isfinite(truth)
    away = np.asarray(forecast, np.float64) - truth
    return np.array([half_width(away[known[:, k], k]) for k in range(truth.shape[1])])


def inside(truth: Numbers, forecast: Numbers, widths: Numbers) -> tuple[int, int]:
    """(how many values of (n, P) lie within their band, of how many that have one)."""
    counted = np.isfinite(truth) & np.isfinite(widths)
    with np.errstate(invalid="ignore"):
        near = np.abs(np.asarray(forecast, np.float64) - truth) <= widths
    return int((near & counted).sum()), int(counted.sum())


def said_band(widths: Numbers, forecasts: int, covered: tuple[int, int]) -> str:
    """What the band is, from so many forecasts of the validation set, and what it held.

    `covered` is what `inside` counts on the test set.
    """
    drawn = np.isfinite(widths)
    first, finite = int(np.argmin(drawn)), not np.isinf(widths).any()
    if not drawn.any():
        words = (
            _("No band: it takes {fewest} validation errors a step ahead; there are {count}.")
            if finite
            else _("No band: validation forecasts are not finite.")
        )
        return words.format(fewest=fewest(), count=forecasts)
    made = ngettext(
        "Band: split conformal, from {count} validation error.",
        "Band: split conformal, from up to {count} validation errors a step ahead.",
        forecasts,
    ).format(count=forecasts)
    ends = (
        _("Too few for a band from step {step} on.")
        if finite
        else _("Not finite from step {step} on: no band.")
    )
    end = "" if drawn.all() else ends.format(step=first + 1)
    return " ".join(filter(None, [made, end, said_coverage(*covered)]))


def said_coverage(within: int, count: int) -> str:
    """Of how many test forecasts, one for each step ahead, the value lay inside of the band."""
    if not count:
        return _("No test set tells what it holds.")
    return ngettext(
        "The band held {share} of {count:,} test value; {meant:.0%} were meant.",
        "The band held {share} of {count:,} test values; {meant:.0%} were meant.",
        count,
    ).format(count=count, share=percent(within / count), meant=MEANT)
