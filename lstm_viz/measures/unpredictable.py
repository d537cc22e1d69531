"""What cannot be told from a random walk or from white noise: no linear forecast from its own past
is worth anything. Another one may be: chaos can be as uncorrelated as noise.
"""

import math

import numpy as np

from lstm_viz.measures.periods import season_length
from lstm_viz.measures.residuals import LAGS, STANDS_OUT, Numbers, bias, portmanteau
from lstm_viz.numerals import numeral
from lstm_viz.words import _

MOST_LAGS = 24
"""Lags up to which is looked for what neither shows: two years of months, a day of hours."""
WRONGLY = 0.05
"""Share of white noise that a test takes for something else."""
MOVING = 0.5
"""Share of its rows at which either changes at least: what rests for longer is a stair."""
RETURNS = -2.89
"""Slope of a change over the value before it, in standard errors, below which one of 20 random
walks falls (Dickey & Fuller 1979, with a constant, 100 values; -2.86 of many)."""


def is_like_random_walk(training: Numbers) -> bool:
    """Whether (n,) values show nothing that a random walk does not.

    Changes from one value to the next at half of the rows at least, with mean 0 and without a
    season; no autocorrelation of them, nor of their ranks, which no single jump hides, by the
    portmanteau test over 10 lags and over `walk_lags` at its 5 % level; no dependence on the square
    of the change before; and no return to a mean by the test of Dickey & Fuller at its 5 % level.
    """
    changes = np.diff(np.asarray(training, np.float64))
    if len(changes) < 3 * LAGS or np.count_nonzero(changes) < MOVING * len(changes):
        return False
    squares = changes[:-1] ** 2
    curved = _fitted(squares - squares.mean(), changes[1:])
    returns = _fitted(training[:-1] - np.mean(training[:-1]), changes)
    ranks = np.unique(changes, return_inverse=True)[1].astype(np.float64)
    return bool(
        not any(
            _alike(each, lags) for each in (changes, ranks) for lags in (LAGS, walk_lags(training))
        )
        and bias(changes).sign == 0
        and abs(curved) < STANDS_OUT
        and returns > RETURNS
        and season_length(changes) is None
    )


def is_like_white_noise(training: Numbers) -> bool:
    """Whether (n,) values show nothing that independent ones of one mean do not.

    No autocorrelation of them, of their ranks, nor of their distances from the mean, over 10 lags
    and over `walk_lags` by the portmanteau test at its 5 % level; no dependence on the square of
    the value before; no trend; and no season.
    """
    values = np.asarray(training, np.float64)
    if len(values) < 3 * LAGS or np.count_nonzero(np.diff(values)) < MOVING * len(values):
        return False
    centred = values - values.mean()
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    squares, rows = centred[:-1] ** 2, np.arange(len(values)) - (len(values) - 1) / 2
    return bool(
        not any(
            _alike(each, lags)
            for each in (values, ranks, np.abs(centred))
            for lags in (LAGS, walk_lags(values))
        )
        and abs(_fitted(squares - squares.mean(), values[1:])) < STANDS_OUT
        and abs(_fitted(rows, values)) < STANDS_OUT
        and season_length(values) is None
    )


def said_white_noise(training: Numbers, name: str) -> str:
    """That the training set is like white noise; nothing where it is not.

    Other columns may hold what comes: it is said of the values' own past alone.
    """
    if not is_like_white_noise(training):
        return ""
    return _(
        "In the training set '{name}' cannot be told from white noise (no autocorrelation beyond "
        "chance up to lag {lags}): no linear forecast from its past beats its mean, {mean}."
    ).format(name=name, lags=walk_lags(training), mean=numeral(float(np.mean(training))))


def walk_lags(training: Numbers) -> int:
    """Lags up to which the changes of (n,) values are looked at: a third of them at most."""
    return min(MOST_LAGS, (len(training) - 1) // 3)


def _alike(values: Numbers, lags: int) -> bool:
    """Whether (n,) values are autocorrelated up to `lags` by the portmanteau test."""
    from scipy.special import chdtri

    return bool(portmanteau(values, lags) > chdtri(lags, WRONGLY))


def _fitted(x: Numbers, y: Numbers) -> float:
    """The slope of y over a centred x, both (n,), in its standard errors; infinite for a line."""
    own = float(x @ x)
    if not own:
        return 0.0
    slope = float(x @ y) / own
    rest = y - y.mean() - slope * x
    error = math.sqrt(float(rest @ rest) / (len(y) - 2) / own)
    return slope / error if error else math.copysign(math.inf, slope)


def said_random_walk(training: Numbers, name: str) -> str:
    """That the training set is like a random walk; nothing where it is not.

    Other columns may hold what comes: it is said of the values' own past alone.
    """
    if not is_like_random_walk(training):
        return ""
    return _(
        "In the training set '{name}' cannot be told from a random walk (no autocorrelation of "
        "its changes beyond chance up to lag {lags}): no linear forecast from its past beats the "
        "last value."
    ).format(name=name, lags=walk_lags(training))
