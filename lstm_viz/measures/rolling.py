"""The same model from several cut points on: whether its error stays what it is."""

import numpy as np
import numpy.typing as npt

from lstm_viz.numerals import numeral
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

MOST, FEWEST = 8, 5
"""Cut points, and forecasts from each until the next."""


def cut_points(count: int) -> npt.NDArray[np.int64]:
    """The places at which so many forecasts in order are cut, the first at 0; none of too few.

    >>> cut_points(14), cut_points(9)
    (array([0, 7]), array([], dtype=int64))
    """
    cuts = min(MOST, count // FEWEST)
    return np.arange(cuts if cuts > 1 else 0) * count // max(cuts, 1)


def means(errors: Numbers, cuts: npt.NDArray[np.integer]) -> Numbers:
    """(cuts,) the mean of (n,) errors from each cut to the next.

    >>> means(np.array([1.0, 3.0, 5.0, 5.0]), np.array([0, 2]))
    array([2., 5.])
    """
    return np.array([part.mean() for part in np.split(errors, cuts[1:])])


def said_rolling(model: Numbers, naive: Numbers) -> str:
    """Where a model's mean errors (cuts,) lie, and how often below another's."""
    better, low, high = int((model < naive).sum()), numeral(model.min()), numeral(model.max())
    return _(
        "From {count} cut points: MAE {low} to {high}, {better} below the naive one's."
    ).format(count=len(model), low=low, high=high, better=better)
