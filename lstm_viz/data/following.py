"""How the labels of a series' rows go on after the last one: with the series' own frequency."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_viz.data.series import Labels

TAIL = 100
"""Last rows from which it is read: what was long ago has no say."""
DAY = np.timedelta64(1, "D")
IN_A_MONTH: tuple[Callable[[Labels], Labels], ...] = (
    lambda months: (months + 1).astype("datetime64[D]") - DAY,
    lambda months: np.busday_offset(months, 0, roll="forward"),
    lambda months: np.busday_offset((months + 1).astype("datetime64[D]"), -1, roll="forward"),
)
"""Days that are not the same number in all months: the last, the first working, the last working.
"""


def following(index: Labels | None, rows: int, steps: int) -> Labels:
    """(steps,) the labels after the last of N `rows`; None counts the rows from 0.

    Dates go on by whole months where all rows keep a day of the month, on working days where no
    row is on a weekend, and else, as numbers do, in the usual distance of two labels.

    >>> following(None, rows=5, steps=2)
    array([5, 6])
    >>> months = np.array(["2021-11-30", "2021-12-31", "2022-01-31"], "datetime64[us]")
    >>> following(months, 3, steps=2).astype("datetime64[D]").astype(str).tolist()
    ['2022-02-28', '2022-03-31']
    """
    if index is None or len(index) < 2:
        return np.arange(rows, rows + steps)
    ahead, last = np.arange(1, steps + 1), index[-TAIL:]
    if not np.issubdtype(index.dtype, np.datetime64):
        return np.asarray(last[-1] + _usual(last, np.float64(1)) * ahead)
    moments = last.astype("datetime64[us]")  # nanoseconds end in 2262
    days = moments.astype("datetime64[D]")
    found = _by_months(days, ahead)
    if found is None:
        found = _by_working_days(days, ahead)
    if found is not None and np.all(moments - days == moments[-1] - days[-1]):
        return np.asarray(found.astype("datetime64[us]") + (moments[-1] - days[-1]))
    return np.asarray(moments[-1] + _usual(moments, DAY) * ahead)


def _usual(labels: Labels, otherwise: np.generic) -> Any:
    """The median distance of two labels that differ."""
    apart = np.diff(labels)
    apart = apart[labels[1:] != labels[:-1]]
    return np.median(apart).astype(apart.dtype) if len(apart) else otherwise


def _by_months(days: Labels, ahead: Labels) -> Labels | None:
    """So many usual numbers of months on, on the day that all rows stand at in their months."""
    months = days.astype("datetime64[M]")
    apart, into = np.diff(months.astype(np.int64)), days - months
    if apart.min() < 1:
        return None
    later = months[-1] + int(np.median(apart)) * ahead

    def same(months: Labels) -> Labels:
        return np.asarray(months.astype("datetime64[D]") + into[0])

    places = (IN_A_MONTH[0], same, *IN_A_MONTH[1:])  # the 31st is the last day
    return next((each(later) for each in places if np.all(each(months) == days)), None)


def _by_working_days(days: Labels, ahead: Labels) -> Labels | None:
    """Monday to Friday, where no row of two weeks and more lies on a weekend."""
    if days[-1] - days[0] < 14 * DAY or not np.is_busday(days).all() or _usual(days, DAY) != DAY:
        return None
    return np.asarray(np.busday_offset(days[-1], ahead))
