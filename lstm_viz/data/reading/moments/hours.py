"""Times of day that are written as plain numbers beside a day: 9, 930, 93000."""

import re
from collections.abc import Mapping

import numpy as np

from lstm_viz.data.reading.moments import parts
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.series import Labels, Rows

WORDS = re.compile(
    r"^\W*(?:time|hh:?mm(?:ss)?|clock|uhrzeit|zeit|heure|hora|ora|tijd|時刻|时间)\W*(?:utc|gmt)?\W*$",
    re.I,
)
"""What a column of times of day is called, where these are digits in a row."""
NAMED = re.compile(
    r"time(?!r)|clock|hh|hour(?!s)|stunde|zeit|heure|hora|\bora\b|tijd|uur|klok|godz|час|врем|時|时|시간|시각|uhr",
    re.I,
)
"""What the name of a column of times of day says, where the days need none."""
IN_A_DAY, LEAST_DIGITS = 24, 100
MIDNIGHT = 2400
"""As four digits."""
Named = Mapping[int, tuple[str, Rows]]


def of_day(columns: Named, *, once: bool) -> tuple[Times, tuple[int, ...]] | None:
    """(the times of day, the columns of numbers that tell them); place -> its name and values.

    `once` says that each day is there once: then hours are how long something took.
    """
    places = [*columns]
    found = parts.named([columns[p][0] for p in places])
    named = {part: places[at] for part, at in found.items()}
    if "hour" not in named:
        return _in_digits(columns)
    if once and "minute" not in named:
        return None
    told = {part: columns[place][1] for part, place in named.items()}
    if not _whole(hours := told["hour"]):
        return None
    if hours.max() >= LEAST_DIGITS:
        told, named = {"digits": hours}, {"digits": named["hour"]}
    since, used = parts.since_midnight(told)
    return (_clock(since), tuple(named[name] for name in used)) if used else None


def _whole(values: Rows) -> bool:
    return bool((np.isfinite(values) & (values % 1 == 0) & (values >= 0)).all())


def _clock(since: Labels) -> Times:
    return Times(np.datetime64("1970-01-01", "us") + since, "clock", clock=True)


def _in_digits(columns: Named) -> tuple[Times, tuple[int, ...]] | None:
    """A column of 93000 or 930 for half past nine, or 9 for nine."""
    for place, (name, digits) in columns.items():
        if not WORDS.match(name) or not _whole(digits):
            continue
        most = digits.max()
        if IN_A_DAY < most < 100:  # hours and minutes are no fewer digits
            continue
        longer = digits * (1 if most > MIDNIGHT else 100 if most > IN_A_DAY else 10000)
        hours, minutes, seconds = longer // 10000, longer // 100 % 100, longer % 100
        if hours.max() > IN_A_DAY or max(minutes.max(), seconds.max()) > 59:
            continue
        since = (60 * hours + minutes) * 60 + seconds
        return _clock(since.astype("timedelta64[s]")), (place,)
    return None
