"""Moments that are written as plain numbers: years, 20200131, seconds since 1970, Excel's days."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lstm_viz.data.reading.times import Times
from lstm_viz.data.series import Labels, Rows

TIME_WORDS = re.compile(
    r"time|date|datum|zeit|fecha|hora|heure|stamp|epoch|unix|created|updated|日時|日付|年月日|時刻"
    r"|年月|timestamp|week|woche|semaine|semana|^(?:ts|t|dt|ds|day|tag|jour|mjd|jd|month|monat|mois|mes|period|yyyy\w*|utc)$",
    re.I,
)
"""What a column of moments is called."""
YEAR_WORDS = re.compile(
    r"^(?:#? ?)?(?:calendar |fiscal )?(?:years?|yr|jahr|ann[ée]e|an|a[ñn]o|ano|anno|年|年度|yyyy|yy"
    r"|date|time|time_?period|period"
    r"|(?:year|date|time)?[ _.]?(?:decimal|fraction(?:al)?|dec|frac)[ _.]?(?:year|date|time)?)$",
    re.IGNORECASE,
)
WEEK_WORDS = re.compile(r"week|woche|semaine|semana|^kw$", re.I)
FEWEST, FEWEST_DAYS = 3, 10
"""Rows of years; and of days written as 20200131 under any name, all of which must exist."""


UNEVEN = 3.0
"""How many times the shortest step of broken years the longest may be: months, and a gap."""


class Epoch(NamedTuple):
    """A way of counting time."""

    name: str
    low: float
    high: float
    origin: str
    per_day: float
    zone: str
    needs_name: bool


EPOCHS = (
    Epoch("epoch seconds", 3e8, 4.2e9, "1970-01-01", 86400, "UTC", False),
    Epoch("epoch milliseconds", 3e11, 4.2e12, "1970-01-01", 86400e3, "UTC", False),
    Epoch("epoch microseconds", 3e14, 4.2e15, "1970-01-01", 86400e6, "UTC", False),
    Epoch("epoch nanoseconds", 3e17, 4.2e18, "1970-01-01", 86400e9, "UTC", False),
    Epoch("Excel days", 14610, 73050, "1899-12-30", 1, "", True),
    Epoch("MATLAB days", 693962, 766645, "-0001-12-31", 1, "", True),
    Epoch("Julian days", 2415020.5, 2488070.5, "-4713-11-24T12:00", 1, "UTC", True),
)
PACKED = (
    ("%Y%m%d", 1e7, 1e8, 8),
    ("%Y%m%d%H", 1e9, 1e10, 10),
    ("%Y%m%d%H%M", 1e11, 1e12, 12),
    ("%Y%m%d%H%M%S", 1e13, 1e14, 14),
    ("%Y%m", 1e5, 1e6, 6),
    ("%Y%j", 1e6, 1e7, 7),
)
"""Digits in a row -> their bounds and how many they are."""
SHORTER = (
    ("%y%m%d%H%M", 10),
    ("%d%m%Y", 8),
    ("%m%d%Y", 8),
    ("%y%m%d", 6),
    ("%d%m%y", 6),
)
"""Digits in a row that other counts fit as well -> how many they are, noughts before them apart."""
WEEKS = (("%G%V%u", 1e5, 1e6, 6),)
"""Of a year and a week, to which the day is added."""


def moments_in(values: Rows, name: str, *, first: bool, workbook: bool = False) -> Times | None:
    """Numbers as moments; None where they are plain numbers.

    `first` says whether the column stands first, which tells as much as its name.
    """
    known = values[np.isfinite(values)]
    if len(known) < 2 or len(known) < 0.95 * len(values):
        return None
    hinted = TIME_WORDS.search(name) is not None
    steps = np.diff(known)
    runs = bool((steps >= 0).all() or (steps <= 0).all()) and bool((steps != 0).any())
    if not hinted and not (first and runs):
        return _packed(values, known, runs and len(known) >= FEWEST_DAYS, PACKED[:1])
    forms = WEEKS if WEEK_WORDS.search(name) else PACKED
    packed = _packed(values, known, hinted or runs, forms)
    if packed is not None:
        return packed
    if (found := _evenly(values, known)) is not None:
        return found
    for epoch in EPOCHS:
        if known.min() < epoch.low or known.max() >= epoch.high:
            continue
        if epoch.needs_name and not (hinted or (workbook and first)):
            continue
        if epoch.needs_name and not runs:
            continue
        return Times(_since(values, epoch), epoch.name, clock=True, zone=epoch.zone)
    return None


def tells_time(values: Rows, name: str) -> bool:
    """Whether numbers only say when: they run on as a clock, or as broken years, nearly evenly."""
    steps = np.diff(values)
    if len(values) < FEWEST_DAYS or not np.isfinite(values).all() or not (steps > 0).all():
        return False
    broken = bool((values % 1 != 0).any())
    years = broken and bool(values[0] >= 1000) and bool(values[-1] <= 3000)
    if years and YEAR_WORDS.match(name):
        return True
    even = float(steps.max()) <= UNEVEN * float(steps.min())
    return (years and even) or moments_in(values, name, first=True) is not None


def years_in(values: Rows, name: str, *, first: bool) -> Times | None:
    """Whole or broken years, growing or falling, as moments."""
    known = np.isfinite(values)
    if len(values) < FEWEST or not known.all() or not (first or YEAR_WORDS.match(name)):
        return None
    steps = np.diff(values)
    runs = (steps > 0).all() or (steps < 0).all()
    named = YEAR_WORDS.match(name) is not None
    even = named or float(np.ptp(np.abs(steps))) <= 1e-3 * float(np.abs(steps).mean())
    if not runs or not even or values.min() < 1000 or values.max() > 3000:
        return None
    if not (values % 1 == 0).all() and not named:
        return None
    if not named and len(values) < 10:
        return None
    whole = np.floor(values)
    years = (whole.astype(np.int64) - 1970).astype("datetime64[Y]")
    begin, end = years.astype("datetime64[s]"), (years + 1).astype("datetime64[s]")
    moments = begin + np.round((end - begin).astype(np.float64) * (values - whole)).astype(
        "timedelta64[s]"
    )
    if (values % 1 == 0).all():
        return Times(moments.astype("datetime64[us]"), "year")
    days = (moments + np.timedelta64(12, "h")).astype("datetime64[D]")
    rounded = days if len(np.unique(days)) == len(days) else moments
    return Times(rounded.astype("datetime64[us]"), "broken years")


def _packed(
    values: Rows, known: Rows, likely: bool, forms: Sequence[tuple[str, float, float, int]] = PACKED
) -> Times | None:
    if not likely or not (known % 1 == 0).all():
        return None
    import pandas as pd

    for form, low, high, digits in forms:
        if not (low <= known.min() and known.max() < high):
            continue
        numbers = np.where(np.isfinite(values), values, 0).astype(np.int64)
        if digits > 6 and not 1700 <= numbers.max() // 10 ** (digits - 4) <= 2200:
            continue
        if digits == 6 and not 1700 <= known.min() // 100 <= known.max() // 100 <= 2200:
            continue
        monday = "1" if form.endswith("%u") else ""
        told = pd.Series(numbers.astype(str)) + monday
        made = pd.to_datetime(told, format=form, errors="coerce")
        if made[np.isfinite(values)].isna().any():
            continue
        unit = {"%Y%m": "month", "%G%V%u": "week"}.get(form, "day")
        return Times(made.to_numpy().astype("datetime64[us]"), unit, clock=digits > 8)
    return None


def _evenly(values: Rows, known: Rows) -> Times | None:
    """The one reading of digits by which the rows are evenly spaced; None of none or several."""
    import pandas as pd

    if len(known) < max(len(values), FEWEST_DAYS) or not (known % 1 == 0).all() or known.min() < 1:
        return None
    fits = []
    for form, digits in SHORTER:
        if not 10 ** (digits - 1) <= known.max() < 10**digits or known.min() < 10 ** (digits - 2):
            continue
        told = pd.Series(known.astype(np.int64).astype(str)).str.zfill(digits)
        made = pd.to_datetime(told, format=form, errors="coerce").to_numpy()
        steps = np.diff(made).astype(np.int64)
        if not np.isnat(made).any() and steps[0] and (steps == steps[0]).mean() >= 0.9:
            fits.append(Times(made.astype("datetime64[us]"), "day", clock=digits == 10))
    return fits[0] if len(fits) == 1 else None


def _since(values: Rows, epoch: Epoch) -> Labels:
    """(N,) moments; whole numbers to the last digit that a microsecond has."""
    known = np.isfinite(values)
    filled = np.where(known, values, epoch.low)
    if epoch.per_day > 1:
        per_second = epoch.per_day / 86400
        seconds = np.floor(filled / per_second)
        rest = (filled - seconds * per_second) / per_second
        micro = np.round(rest * 1e6).astype("timedelta64[us]")
        moments = np.datetime64(epoch.origin, "s") + seconds.astype("timedelta64[s]")
        moments = moments.astype("datetime64[us]") + micro
    else:
        seconds = np.round(filled * 86400, 3)
        milli = np.round(seconds * 1e3).astype("timedelta64[ms]")
        moments = np.datetime64(epoch.origin, "s").astype("datetime64[ms]") + milli
        moments = moments.astype("datetime64[us]")
        second = np.timedelta64(1, "s").astype("timedelta64[us]")
        near = (moments + second // 2).astype("datetime64[s]").astype("datetime64[us]")
        moments = np.where(np.abs(near - moments) < np.timedelta64(50, "ms"), near, moments)
    moments[~known] = np.datetime64("NaT")
    made: Labels = moments
    return made
