"""Fewer points for a drawing, chosen so that the drawing stays true."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

MIN_POINTS = 4


def thin(values: npt.NDArray[Any], points: int) -> npt.NDArray[np.int64]:
    """The rows, at most `points`, whose line through (N,) `values` looks like the whole line's.

    Keeps both ends, and the smallest and largest value of each of `points / 2 - 1` equal
    stretches: no peak is lost, and no value is invented. NaNs are passed over where a stretch
    has anything else. Raises ConfigError for fewer than 4 points.

    >>> thin(np.array([0, 1, 0, 0, 9, 0, 0, 0]), points=4)
    array([0, 4, 7])
    """
    if points < MIN_POINTS:
        raise ConfigError(
            N_("A line needs at least {least} points, got {got}."), least=MIN_POINTS, got=points
        )
    count = len(values)
    if count <= points:
        return np.arange(count, dtype=np.int64)
    stretches = points // 2 - 1
    length = -(-count // stretches)
    whole = np.full(stretches * length, values[-1], np.float64)
    whole[:count] = values
    blocks = whole.reshape(stretches, length)
    gaps = np.isnan(blocks)
    lowest = np.where(gaps, np.inf, blocks).argmin(axis=1)
    highest = np.where(gaps, -np.inf, blocks).argmax(axis=1)
    begins = np.arange(stretches) * length
    kept = np.concatenate([[0], begins + lowest, begins + highest, [count - 1]])
    return np.unique(np.minimum(kept, count - 1)).astype(np.int64)
