"""Forecasts that anyone can make: what a network has to beat.

A row is forecast from the rows before its origin alone; the origin is the first row that is
forecast.
"""

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Numbers = npt.NDArray[np.floating]
Origins = npt.NDArray[np.integer]


def naive(series: Numbers, origins: Origins, horizon: int) -> npt.NDArray[np.float64]:
    """ŷ_{o+h} = y_{o-1}, (n, P): the last known value of (N,), repeated from each of (n,) origins.

    Raises ConfigError for an origin before row 1 or after row N.

    >>> naive(np.array([1.0, 2.0, 3.0]), np.array([1, 3]), horizon=2)
    array([[1., 1.],
           [3., 3.]])
    """
    at = _checked(series, origins)
    return np.repeat(np.asarray(series, np.float64)[at - 1][:, None], horizon, axis=1)


def seasonal_naive(
    series: Numbers, origins: Origins, horizon: int, season: int
) -> npt.NDArray[np.float64]:
    """ŷ_{o+h} = y_{o+h-k·season}, (n, P), with the smallest k that reaches a known row.

    Where the series has not been known for a season, the last known value. Raises ConfigError for
    an origin before row 1 or after row N, or a season below 1.

    >>> seasonal_naive(np.array([1.0, 5.0, 2.0, 6.0]), np.array([4]), horizon=3, season=2)
    array([[2., 6., 2.]])
    """
    if season < 1:
        raise ConfigError(N_("A season has at least 1 row, got {got}."), got=season)
    at = _checked(series, origins)[:, None]
    ahead = np.arange(horizon)
    row = at + ahead - (ahead // season + 1) * season
    return np.asarray(series, np.float64)[np.where(row < 0, at - 1, row)]


def _checked(series: Numbers, origins: Origins) -> npt.NDArray[np.int64]:
    at = np.asarray(origins, np.int64)
    outside = at[(at < 1) | (at > len(series))]
    if outside.size:
        raise ConfigError(
            N_("A forecast can begin at rows 1 to {rows}, got {got}. Choose another row."),
            rows=len(series),
            got=int(outside[0]),
        )
    return at
