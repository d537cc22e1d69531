"""Errors of a forecast: absolute, squared, and relative to repeating the last value."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Scores:
    """Errors of one forecast; all infinite where it holds a NaN or an infinity."""

    mae: float
    """Mean absolute error, in the data's unit."""
    rmse: float
    """Root mean squared error, in the data's unit."""
    mase: float
    """Mean absolute scaled error, without unit: below 1 is better than the naive forecast was
    on the training part."""


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


def mase_scale(training: Numbers, season: int = 1) -> float:
    """Mean |y_t - y_{t-season}| over the training part (N,): the naive forecast's error there.

    Hyndman & Koehler 2006, "Another look at measures of forecast accuracy". NaN where the part
    is no longer than a season.

    >>> mase_scale(np.array([1.0, 3.0, 2.0]))
    1.5
    """
    known = np.asarray(training, np.float64)
    if len(known) <= season:
        return np.nan
    return float(np.abs(known[season:] - known[:-season]).mean())


def per_horizon(truth: Numbers, prediction: Numbers) -> npt.NDArray[np.float64]:
    """(P,) mean absolute error at each step ahead, over n forecasts (n, P).

    Infinite at a step where a forecast is NaN or infinite; NaN where there are no forecasts.
    """
    if not len(truth):
        return np.full(truth.shape[1], np.nan)
    away = np.abs(np.asarray(prediction, np.float64) - truth).mean(axis=0)
    return np.where(np.isnan(away), np.inf, away)
