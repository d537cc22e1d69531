"""Rows where a forecast fails by more than it usually does."""

import numpy as np
import numpy.typing as npt

from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

PER_MEDIAN_DEVIATION = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""
PER_MEAN_DEVIATION = 1.2533
"""The same for the mean absolute deviation, √(π/2): used where half of the residuals are equal."""


def threshold(residuals: Numbers, k: float = 3.5) -> float:
    """Limit k · 1.4826 · median |r|: how far from 0 (n,) residuals may lie.

    In the residuals' unit; unlike k root mean squares it is not moved by the anomalies themselves.
    A bias counts as error, too: it is no reason to move the band. Residuals that are NaN or
    infinite do not count; NaN where all are. Iglewicz & Hoaglin 1993, "How to detect and handle
    outliers", with 0 in the place of the median.

    >>> threshold(np.array([-1.0, 0.0, 1.0, 0.0, 100.0, -1.0, 1.0]), k=1.0)
    1.4826
    """
    finite = residuals[np.isfinite(residuals)]
    if not finite.size:
        return np.nan
    away = np.abs(np.asarray(finite, np.float64))
    usual = PER_MEDIAN_DEVIATION * np.median(away) or PER_MEAN_DEVIATION * away.mean()
    return float(k * usual)


def anomalies(residuals: Numbers, limit: float) -> npt.NDArray[np.int64]:
    """The places where (n,) residuals lie farther than `limit` from 0, or are no number.

    >>> anomalies(np.array([0.1, -0.1, 9.0, 0.0]), limit=1.0)
    array([2])
    """
    finite = np.isfinite(residuals)
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(~finite | (np.abs(residuals) > limit))


def said_threshold(usual: Numbers, limit: float) -> str:
    """How many of the residuals of the validation set, which made the limit, lie beyond it."""
    words = _("On the validation set, where the threshold comes from, {count} of {all}.")
    return words.format(count=len(anomalies(usual, limit)), all=len(usual))
