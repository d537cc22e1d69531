"""How the labels of a series' rows go on after the last one: with the series' own frequency."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lstm_viz.data.series import Labels

TAIL = 100
"""Last rows, or days, from which it is read: what was long ago has no say."""
MOST_ROWS = 50_000
"""So many rows of those days are looked at, an office's day of minutes; of more, nothing but
whether they are even."""
OFTEN, FEWEST = 0.6, 3
"""A weekday or an hour belongs to a pattern that is there in so many weeks or days, and of so many
at least: the others are holidays and gaps."""
DAY, WEEK, MONTH = np.timedelta64(1, "D"), 7, np.timedelta64(1, "M")
MONDAY = 3
"""Days from the Monday before 1970-01-01 on."""
IN_A_MONTH: tuple[Callable[[Labels], Labels], ...] = (
    lambda months: (months + MONTH).astype("datetime64[D]") - DAY,
    lambda months: np.busday_offset(months, 0, roll="forward"),
    lambda months: np.busday_offset((months + MONTH).astype("datetime64[D]"), -1, roll="forward"),
)
"""Days that are not the same number in all months: the last, the first working, the last working.
"""


class Distance(NamedTuple):
    """What dates without a pattern are counted on by."""

    usual: np.timedelta64
    share: float
    """Of the last rows that are so far from the one before."""


def following(index: Labels | None, rows: int, steps: int) -> Labels:
    """(steps,) the labels after the last of N `rows`; None counts the rows from 0.

    Dates go on by whole months where all rows keep a day of the month or an n-th weekday, on the
    weekdays, the days of the month and the hours that the rows keep to; and else, as numbers do,
    in the usual distance of two labels.

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
    found = _by_pattern(index, steps)
    if found is not None:
        return found
    moments = last.astype("datetime64[us]")  # nanoseconds end in 2262
    return np.asarray(moments[-1] + _usual(moments, DAY) * ahead)


def distance_of(index: Labels | None) -> Distance | None:
    """What dates are counted on by for want of a pattern; None where one is known, or no date.

    >>> days = np.array(["2020-01-01", "2020-01-02", "2020-01-05", "2020-01-06"], "datetime64[us]")
    >>> distance_of(days).share
    0.6666666666666666
    """
    if index is None or len(index) < 2 or not np.issubdtype(index.dtype, np.datetime64):
        return None
    if _by_pattern(index, 1) is not None:
        return None
    last = index[-TAIL:].astype("datetime64[us]")
    usual = _usual(last, DAY).astype("timedelta64[us]")
    kept = np.abs(np.diff(last) - usual) <= usual // 100  # clocks of loggers tremble
    return None if kept.all() else Distance(usual, float(kept.mean()))


def _usual(labels: Labels, otherwise: np.generic) -> Any:
    """The median distance of two labels that differ."""
    apart = np.diff(labels)
    apart = apart[labels[1:] != labels[:-1]]
    return np.median(apart).astype(apart.dtype) if len(apart) else otherwise


def _by_pattern(index: Labels, steps: int) -> Labels | None:
    """(steps,) the dates after the last, where days and hours keep a pattern."""
    of_rows = index.astype("datetime64[D]")
    days = of_rows[np.r_[True, of_rows[1:] != of_rows[:-1]]][-TAIL:]
    recent = index[np.searchsorted(of_rows, days[0]) :].astype("datetime64[us]")
    apart = np.diff(recent)
    if len(apart) and DAY > apart[0] > np.timedelta64(0) and (apart == apart[0]).all():
        return np.asarray(recent[-1] + apart[0] * np.arange(1, steps + 1))
    if len(recent) > MOST_ROWS:
        return None
    place = np.searchsorted(days, recent.astype("datetime64[D]"))
    hours: Labels | None = recent - days[place]
    assert hours is not None
    hours = hours[:1] if (hours == hours[0]).all() else _kept_to(place, hours)
    if hours is None:
        return None
    ahead = _days_on(days, np.arange(1, steps // len(hours) + 2))
    if ahead is None:
        return None
    grid = (np.r_[days[-1], ahead].astype("datetime64[us]")[:, None] + hours).ravel()
    return np.asarray(grid[grid > recent[-1]][:steps])


def _kept_to(periods: Labels, slots: Labels) -> Labels | None:
    """The slots that rows are in, where each of them is there in most periods; growing."""
    count = int(periods[-1] - periods[0]) + 1
    if count < FEWEST:
        return None
    found, codes = np.unique(slots, return_inverse=True)
    unlike = np.unique(periods * len(found) + codes)
    return found if np.bincount(unlike % len(found)).min() >= OFTEN * count else None


def _days_on(days: Labels, ahead: Labels) -> Labels | None:
    """So many days on from the last of growing ones; None where they keep no pattern."""
    if len(days) < 2:
        return None
    ways = (_by_months, _by_weekdays, _by_days_of_the_month)
    return next((found for way in ways if (found := way(days, ahead)) is not None), None)


def _by_months(days: Labels, ahead: Labels) -> Labels | None:
    """So many usual numbers of months on, on the day that all rows stand at in their months."""
    months = days.astype("datetime64[M]")
    apart, into = np.diff(months.astype(np.int64)), days - months
    if apart.min() < 1:
        return None
    later = months[-1] + int(np.median(apart)) * ahead

    def same(months: Labels) -> Labels:
        return np.asarray(
            np.minimum(months.astype("datetime64[D]") + into.max(), IN_A_MONTH[0](months))
        )

    def weekday(months: Labels) -> Labels:  # the third Friday
        first = months.astype("datetime64[D]")
        on = (_weekday(days[0]) - _weekday(first)) % WEEK
        return np.asarray(first + on + into[0].astype(int) // WEEK * WEEK)

    places = (IN_A_MONTH[0], same, *IN_A_MONTH[1:])  # the 31st is the last day
    if len({*np.diff(days).tolist()}) > 1:  # every four weeks is no such day
        places = (*places, weekday)
    return next((each(later) for each in places if np.all(each(months) == days)), None)


def _weekday(days: Labels) -> Labels:
    return np.asarray((days.astype(np.int64) + MONDAY) % WEEK)


def _by_weekdays(days: Labels, ahead: Labels) -> Labels | None:
    """On the weekdays of all rows, of two weeks and more; all seven are each day. Of fewer, on all
    working days where none but those is there, over a weekend and without a gap.
    """
    if days[-1] - days[0] < 14 * DAY:
        working = np.busday_count(days[0], days[-1] + DAY)
        weekend = len(days) < int((days[-1] - days[0]) / DAY) + 1
        if weekend and working == len(days) and np.is_busday(days).all():
            return np.asarray(np.busday_offset(days[-1], ahead))
        return None
    weeks = (days.astype(np.int64) + MONDAY) // WEEK
    kept = _kept_to(weeks, _weekday(days))
    if kept is None:
        return None
    later = (weeks[-1] + np.arange(len(ahead) // len(kept) + 2)) * WEEK - MONDAY
    grid = (later[:, None] + kept).ravel().astype("datetime64[D]")
    return np.asarray(grid[grid > days[-1]][: len(ahead)])


def _by_days_of_the_month(days: Labels, ahead: Labels) -> Labels | None:
    """On the days of the month of all rows, as the 1st and the 15th; the 31st is the last one."""
    months = days.astype("datetime64[M]")
    last = days == IN_A_MONTH[0](months)
    kept = _kept_to(months.astype(np.int64), np.where(last, 30, (days - months).astype(np.int64)))
    if kept is None:
        return None
    later = months[-1] + np.arange(len(ahead) // len(kept) + 2)
    grid = later.astype("datetime64[D]")[:, None] + kept
    grid = np.minimum(grid, IN_A_MONTH[0](later)[:, None]).ravel()
    return np.asarray(grid[grid > days[-1]][: len(ahead)])
