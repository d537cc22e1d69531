"""The order of dates: sorted where they are not, with what is twice or missing said."""

import numpy as np

from lstm_viz.data.series import Labels
from lstm_viz.words import N_, Sentence

EVEN = 1.5
"""A step up to so many times the median one is no gap: months and years are of unequal length."""
DAY = np.timedelta64(1, "D")
EVENLY = N_("The network sees the rows as evenly spaced.")


def order_of(dates: Labels) -> Labels | None:
    """(N,) the rows in the order of their dates, those of one date as they were; None if so."""
    if (dates[1:] >= dates[:-1]).all():
        return None
    return np.argsort(dates, kind="stable")


def facts_of(dates: Labels) -> list[Sentence]:
    """What is to be known of (N,) sorted dates: those that are there twice, and the gaps."""
    facts = []
    unlike, counts = np.unique(dates, return_counts=True)
    twice = int((counts > 1).sum())
    if twice == 1:
        words = N_("The date {date} is there {count:,} times; all its rows are kept.")
        place = int(counts.argmax())
        values = {"date": written(unlike[place]), "count": int(counts[place])}
        facts.append(Sentence(words, values))
    elif twice:
        words = N_("{count:,} dates are there more than once; all their rows are kept.")
        facts.append(Sentence(words, {"count": twice}))
    if (gap := _gaps(unlike)) is not None:
        facts.append(gap)
    return facts


def _gaps(dates: Labels) -> Sentence | None:
    """The gaps among (N,) growing dates; weekends are none where no date lies on one."""
    if len(dates) < 3:
        return None
    steps = np.diff(dates) / np.timedelta64(1, "s")
    days = dates.astype("datetime64[D]")
    if np.median(steps) == DAY / np.timedelta64(1, "s") and np.is_busday(days).all():
        steps = np.busday_count(days[:-1], days[1:]).astype(np.float64)
    gaps = np.flatnonzero(steps > EVEN * np.median(steps))
    if not gaps.size:
        return None
    values = {
        "first": written(dates[gaps[0]]),
        "last": written(dates[gaps[-1] + 1]),
        "count": len(gaps),
        "evenly": Sentence(EVENLY),
    }
    if len(gaps) == 1:
        return Sentence(N_("Between {first} and {last} dates are missing. {evenly}"), values)
    words = N_("Between {first} and {last} dates are missing in {count:,} gaps. {evenly}")
    return Sentence(words, values)


def written(date: np.datetime64) -> str:
    """A date, with its time of day where it has one.

    >>> written(np.datetime64("2020-01-31T00:00")), written(np.datetime64("2020-01-31T06:30:12"))
    ('2020-01-31', '2020-01-31 06:30')
    """
    day = date.astype("datetime64[D]")
    return str(day) if day == date else str(date.astype("datetime64[m]")).replace("T", " ")
