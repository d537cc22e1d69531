"""Errors of a forecast: absolute, squared, and relative to repeating the last value."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import percent
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

SAME = 0.1
"""Share of the correct answers' standard deviation below which answers are nearly the same."""
FEW = 5
"""Answers below which nothing is said of their spread."""


@dataclass(frozen=True)
class Scores:
    """Errors of one forecast; all infinite where it holds a NaN or an infinity."""

    mae: float
    """Mean absolute error, in the data's unit."""
    rmse: float
    """Root mean squared error, in the data's unit."""
    mase: float
    """Mean absolute scaled error, without unit: 1 is the naive forecast's on the training part."""


def scores(truth: Numbers, prediction: Numbers, scale: float) -> Scores:
    """MAE, RMSE and MASE = MAE / `scale` of a prediction, over all values of equal shapes.

    `scale` is `mase_scale` of the training part; where it is 0 there is no MASE (NaN). A
    forecast of a network that diverged costs infinitely much; of no values nothing is known (NaN).

    >>> scores(np.array([1.0, 2.0]), np.array([1.0, 4.0]), scale=2.0)
    Scores(mae=1.0, rmse=1.41..., mase=0.5)
    """
    from sklearn.metrics import mean_absolute_error, root_mean_squared_error

    true, predicted = (np.ravel(values).astype(np.float64) for values in (truth, prediction))
    if not len(true):
        return Scores(np.nan, np.nan, np.nan)
    if not np.isfinite(predicted).all():
        return Scores(np.inf, np.inf, np.inf)
    with np.errstate(over="ignore"):  # a number too large to square is as good as infinite
        mae = float(mean_absolute_error(true, predicted))
        rmse = float(root_mean_squared_error(true, predicted))
    return Scores(mae, rmse, mae / scale if scale > 0 else np.nan)


def mase_scale(training: Numbers, horizon: int = 1) -> float:
    """Mean |y_t - y_{t-h}| over the training part (N,) and h = 1 .. `horizon`.

    That is the error of the naive forecast of so many steps there. Hyndman & Koehler 2006,
    "Another look at measures of forecast accuracy", scale by one step; a forecast of more steps is
    as hard as the naive one of as many. NaN where the part is no longer than the horizon.

    >>> mase_scale(np.array([1.0, 3.0, 2.0]))
    1.5
    """
    known = np.asarray(training, np.float64)
    if len(known) <= horizon:
        return np.nan
    steps = [np.abs(known[h:] - known[:-h]).mean() for h in range(1, horizon + 1)]
    return float(np.mean(steps))


def said_spread(truth: Numbers, prediction: Numbers) -> str:
    """That (n,) answers are nearly all the same, where they are; else nothing."""
    spread, true = float(np.std(prediction)), float(np.std(truth))
    if len(truth) < FEW or not spread < SAME * true:
        return ""
    return _("The answers hardly differ: they spread {share} as far as the correct ones.").format(
        share=percent(spread / true, 1)
    )


def per_horizon(truth: Numbers, prediction: Numbers) -> npt.NDArray[np.float64]:
    """(P,) mean absolute error at each step ahead, over n forecasts (n, P).

    Infinite at a step where a forecast is NaN or infinite; NaN where there are no forecasts.
    """
    if not len(truth):
        return np.full(truth.shape[1], np.nan)
    away = np.abs(np.asarray(prediction, np.float64) - truth).mean(axis=0)
    return np.where(np.isnan(away), np.inf, away)
