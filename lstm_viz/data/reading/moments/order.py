"""The order of moments: which reading runs on best; sorted, with what is twice or missing said."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from lstm_viz.data.series import Labels
from lstm_viz.words import N_, Sentence

EVEN = 1.5
"""A step up to so many times the median one is no gap: months and years are of unequal length."""
UNEVEN = 0.2
"""Share of steps unlike the median one from which on the spacing is uneven."""
SHORT = 0.02
"""Share of steps shorter than the median one from which on it is uneven: no gap makes them."""
FIRST_LOOK = 200
DAY = np.timedelta64(1, "D")
HOUR = np.timedelta64(1, "h")
EVENLY = N_("The network sees the rows as evenly spaced.")


def order_of(dates: Labels) -> Labels | None:
    """(N,) the rows in the order of their moments, those of one moment as they were; None if so.

    Rows that run backward are turned as a whole, those of one moment too. An hour that comes
    twice, as clocks are put back, stays as it is in the file.
    """
    rows = np.arange(len(dates))
    if (dates[1:] < dates[:-1]).sum() > (dates[1:] > dates[:-1]).sum():
        rows = rows[::-1]
    if not _runs_on(dates[rows]):
        rows = rows[np.argsort(dates[rows], kind="stable")]
    return None if (rows == np.arange(len(rows))).all() else rows


def _runs_on(dates: Labels) -> bool:
    """Whether moments never step back but as clocks do, once a night."""
    back = np.flatnonzero(dates[1:] < dates[:-1])
    if not all(_put_back(dates[at], dates[at + 1]) for at in back):
        return False
    return len(np.unique(dates[back].astype("datetime64[D]"))) == len(back)


def _put_back(before: np.datetime64, after: np.datetime64) -> bool:
    """Whether a step back is that of clocks in autumn: an hour at most, by night, on a Sunday."""
    return bool(before - after <= HOUR) and _by_night(after, (4, 9, 10, 11))


def best_of(readings: list[tuple[str, Labels]], usual: str) -> tuple[str, Labels, Labels | None]:
    """(what comes first, the moments, those of another order of day and month that fits too).

    One that leaves fewer dates unread is the better one: a 13th decides. Of readings that fit
    alike, the `usual` one: who writes AM and PM writes the month first.
    """
    ranked = sorted(
        ((int(np.isnat(values).sum()), *disorder(values), *_age(values), first != usual), at)
        for at, (first, values) in enumerate(readings)
    )
    first, values = readings[ranked[0][1]]
    (fewest, best, *_), _ = ranked[0]
    for (unread, direction, *_), at in ranked[1:]:
        name, second = readings[at]
        fits = unread == fewest and direction <= best and "year" not in (first, name)
        if fits and not np.array_equal(second, values, equal_nan=True):
            return first, values, second
    return first, values, None


def _age(values: Labels) -> tuple[bool, int]:
    """(whether they are of an odd day of each year, years since the last one, or to come: many)."""
    known = values[~np.isnat(values)]
    last = int(known.max().astype("datetime64[Y]").astype(int)) + 1970
    years = datetime.now(tz=UTC).year + 1 - last
    some = known[:: max(1, len(known) // FIRST_LOOK)]
    return _once_a_year(some), years if years >= 0 else 1000


def _once_a_year(dates: Labels) -> bool:
    """Whether all are one day of their years, and none that a month begins or ends with."""
    days = dates.astype("datetime64[D]")
    months, next_months = (each.astype("datetime64[M]") for each in (days, days + DAY))
    told = {*zip((days - months).tolist(), (months.astype(np.int64) % 12).tolist(), strict=True)}
    return len(told) == 1 and bool(((days != months) & (months == next_months)).all())


def disorder(values: Labels) -> tuple[int, float]:
    """How moments run on, 0 forward, 1 backward, 2 neither; and how unevenly they are spaced."""
    known = values[~np.isnat(values)]
    steps = np.diff(known).astype(np.int64)
    if not len(steps):
        return 0, 0.0
    against = min((steps < 0).mean(), (steps > 0).mean())
    direction = 0 if (steps >= 0).all() else 1 if (steps <= 0).all() else 2
    usual = np.median(np.abs(steps))
    uneven = (np.abs(np.abs(steps) - usual) > 0.5 * usual).mean()
    return direction, round(float(against + uneven), 2)


def facts_of(dates: Labels) -> list[Sentence]:
    """What is to be known of (N,) moments: those that are there twice, the gaps, the spacing."""
    facts = []
    again = bool((dates[1:] <= dates[:-1]).any())
    unlike, counts = np.unique(dates, return_counts=True) if again else (dates, np.ones(1))
    twice = int((counts > 1).sum())
    if twice == 1:
        words = N_("The date {date} is there {count:,} times; all its rows are kept.")
        place = int(counts.argmax())
        values = {"date": written(unlike[place]), "count": int(counts[place])}
        facts.append(Sentence(words, values))
    elif twice:
        words = N_("{count:,} dates are there more than once; all their rows are kept.")
        facts.append(Sentence(words, {"count": twice}))
    back = np.flatnonzero(dates[1:] < dates[:-1])
    if back.size:
        words = N_(
            "After {last} the clock is put back, and the file tells no offset: the rows from the "
            "second {first} on stand at {last} in charts until it is passed."
        )
        ends = {"last": written(dates[back[0]]), "first": written(dates[back[0] + 1])}
        facts.append(Sentence(words, ends))
    if (gap := _spacing(unlike)) is not None:
        facts.append(gap)
    return facts


def _spacing(dates: Labels) -> Sentence | None:
    """How growing moments are spaced, where not evenly; weekends without any date are no gaps."""
    if len(dates) < 3:
        return None
    steps = np.diff(dates) / np.timedelta64(1, "s")
    days = dates.astype("datetime64[D]")
    if np.median(steps) == DAY / np.timedelta64(1, "s") and np.is_busday(days).all():
        steps = np.busday_count(days[:-1], days[1:]).astype(np.float64)
    usual = np.median(steps)
    gaps = np.flatnonzero(steps > EVEN * usual)
    evenly = Sentence(EVENLY)
    if _uneven(steps) and len(steps) >= 5:
        low, high = (span(np.diff(dates)[int(at)]) for at in (steps.argmin(), steps.argmax()))
        words = N_("The rows are unevenly spaced, {shortest} to {longest} apart. {evenly}")
        return Sentence(words, {"shortest": low, "longest": high, "evenly": evenly})
    if not gaps.size:
        return None
    first, last = dates[gaps[0]], dates[gaps[-1] + 1]
    if len(gaps) == 1 and _put_forward(first, last, usual):
        words = N_("The hour after {first} is missing, as where clocks are put forward. {evenly}")
        return Sentence(words, {"first": written(first), "evenly": evenly})
    values = {"first": written(first), "last": written(last), "count": len(gaps), "evenly": evenly}
    if len(gaps) == 1:
        return Sentence(N_("Between {first} and {last} dates are missing. {evenly}"), values)
    words = N_("Between {first} and {last} dates are missing in {count:,} gaps. {evenly}")
    return Sentence(words, values)


def _uneven(steps: npt.NDArray[np.float64]) -> bool:
    usual = np.median(steps)
    unlike, short = np.abs(steps - usual) > 0.15 * usual, steps < 0.85 * usual
    return bool(unlike.mean() > UNEVEN or short.mean() > SHORT)


def _put_forward(first: np.datetime64, last: np.datetime64, usual: float) -> bool:
    """Whether a gap is that of clocks in spring: an hour, by night, on a Sunday."""
    missing = (last - first) / np.timedelta64(1, "s") - usual
    return bool(missing == 3600) and _by_night(last, (3, 4, 9, 10))  # the south's last


def _by_night(moment: np.datetime64, months: tuple[int, ...]) -> bool:
    """Whether clocks may be put then: on a Sunday by night, in one of the months."""
    day = moment.astype("datetime64[D]")
    month = int(day.astype("datetime64[M]").astype(int) % 12) + 1
    return bool((day.astype(int) + 3) % 7 == 6 and month in months and moment - day <= 4 * HOUR)


def written(date: np.datetime64) -> str:
    """A date, with its time of day where it has one.

    >>> written(np.datetime64("2020-01-31T00:00")), written(np.datetime64("2020-01-31T06:30:12"))
    ('2020-01-31', '2020-01-31 06:30')
    """
    day = date.astype("datetime64[D]")
    return str(day) if day == date else str(date.astype("datetime64[m]")).replace("T", " ")


def span(length: np.timedelta64) -> str:
    """A length of time in its two largest units.

    >>> span(np.timedelta64(337066, "ms")), span(np.timedelta64(90, "D"))
    ('5 min 37 s', '90 d')
    """
    seconds = float(length / np.timedelta64(1, "s"))
    if seconds < 1:
        return f"{seconds:.3g} s"
    rest, parts = round(seconds), []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
