"""Moments that are written as plain numbers: years, 20200131, seconds since 1970, Excel's days."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lstm_viz.data.reading.moments.order import disorder
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.series import Labels, Rows

TIME_WORDS = re.compile(
    r"time|date|datum|mjd|zeit|fecha|hora|heure|stamp|epoch|unix|created|updated|日時|日付|年月日|時刻"
    r"|年月|timestamp|week|woche|semaine|semana|^(?:ts|t|dt|ds|day|tag|jour|[bh]?jd|month|monat|mois|mes|period|yyyy\w*|utc)$",
    re.I,
)
"""What a column of moments is called."""
YEAR_WORDS = re.compile(
    r"^(?:#? ?)?(?:calendar |fiscal )?(?:years?|yr|jahr|ann[ée]e|an|a[ñn]o|ano|anno|年|年度|yyyy|yy"
    r"|date|time|time_?period|period"
    r"|(?:year|date|time)?[ _.]?(?:decimal|fraction(?:al)?|dec|frac)[ _.]?(?:year|date|time)?)$",
    re.IGNORECASE,
)
OTHER_WORDS = re.compile(
    r"(?:^|[^a-z])(?:accounts?|acct|konto|ids?|population|pop|rpm|codes?|numbers?|num|nr|no|counts?"
    r"|customers?|orders?|serial|zip|plz|price|preis|amount|sales|sum|value|wert|speed|power)"
    r"(?:[^a-z]|$)",
    re.I,
)
"""In the name of a column whose digits are no moments, whatever they look like."""
WEEK_WORDS = re.compile(r"week|woche|semaine|semana|^kw$", re.I)
FIRST_LOOK = 200
LEAST_EVEN = 0.9
"""Share of steps that are alike from which on digits without a year in full are dates."""
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
    Epoch("modified Julian days", 15020, 88070, "1858-11-17", 1, "UTC", True),
    Epoch("Julian days less 2400000", 15020, 88070, "1858-11-16T12:00", 1, "UTC", True),
)
ASTRONOMERS = re.compile(r"(m)(?:jd|odified.julian)|(?:^|[^a-z])[bh]?jd(?![a-z])", re.I)
SHORTENED = {"m": "modified Julian days", None: "Julian days less 2400000"}
"""Days that only a name tells from Excel's, by the first group of it."""
PACKED = (
    ("%Y%m%d", 8),
    ("%Y%m%d%H", 10),
    ("%Y%m%d%H%M", 12),
    ("%Y%m%d%H%M%S", 14),
    ("%Y%m", 6),
    ("%Y%j", 7),
    ("%y%m%d%H%M", 10),
    ("%d%m%Y", 8),
    ("%m%d%Y", 8),
    ("%m%Y", 6),
    ("%y%m%d", 6),
    ("%d%m%y", 6),
    ("%m%d%y", 6),
)
"""Digits in a row -> how many they are; those that begin with a year in full are the likelier."""
WEEKS = (("%G%V%u", 6),)
"""Of a year and a week, to which the day is added."""
FIRST = {"Y": "year", "y": "year", "G": "year", "d": "day", "m": "month"}


def is_named_so(name: str) -> bool:
    """Whether a column's name says that its digits are moments.

    >>> is_named_so("date"), is_named_so("year"), is_named_so("rpm")
    (True, True, False)
    """
    return bool(TIME_WORDS.search(name) or YEAR_WORDS.match(name))


def moments_in(
    values: Rows,
    name: str,
    *,
    first: bool,
    workbook: bool = False,
    day_first: bool | None = None,
) -> Times | None:
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
        return _packed(values, PACKED[:1]) if runs and len(known) >= FEWEST_DAYS else None
    forms = WEEKS if WEEK_WORDS.search(name) else PACKED
    if (packed := _packed(values, forms, hinted=hinted, day_first=day_first)) is not None:
        return packed
    astronomers = ASTRONOMERS.search(name)
    shortened = SHORTENED[astronomers[1] and "m"] if astronomers else "Excel days"
    for epoch in EPOCHS:
        if epoch.name in (*SHORTENED.values(), "Excel days") and epoch.name != shortened:
            continue
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
    values: Rows,
    forms: Sequence[tuple[str, int]],
    *,
    hinted: bool = False,
    day_first: bool | None = None,
) -> Times | None:
    """Digits in a row as the dates that run on best; another reading that fits as well is kept."""
    fits: list[tuple[tuple[Any, ...], str, Labels]] = []
    for form, digits in forms:
        told = day_first is None or (form[1] == "d") == day_first
        made = _digits(values, form, digits) if told else None
        if made is None:
            continue
        known = made[np.isfinite(values)]
        steps = np.diff(known).astype(np.int64)
        even = float((steps == steps[0]).mean())
        runs = bool((steps > 0).all() or (steps < 0).all())
        if form[1] in "YG" or (
            len(known) >= FEWEST_DAYS and steps[0] and (even >= LEAST_EVEN or (hinted and runs))
        ):
            to_come = bool(known.max() > np.datetime64("now") + np.timedelta64(366, "D"))
            short = form[1] not in "YG"
            fits.append(((to_come, *disorder(known), short, -even), form, made))
    if not fits and day_first is not None:
        return _packed(values, forms, hinted=hinted)
    if not fits:
        return None
    rank, form, made = min(fits, key=lambda each: each[0])
    others = ((f, m) for r, f, m in fits if f != form and r[:3] <= rank[:3])
    second, other = next(others, (form, None))
    unit = {"%Y%m": "month", "%m%Y": "month", "%G%V%u": "week"}.get(form, "day")
    orders = "d" in (form[1], second[1])  # which can be told
    first = FIRST[form[1]] if orders else ""
    return Times(made, unit, clock="H" in form, first=first, other=other)


def _digits(values: Rows, form: str, digits: int) -> Labels | None:
    """(N,) the moments of digits in a row, which may lack a nought before them; or None."""
    known = np.isfinite(values)
    few = digits - (form[1] not in "YG")
    least, most = (float(each) for each in (values[known].min(), values[known].max()))
    if least < 10 ** (few - 1) or not 10 ** (digits - 1 - (digits == 8)) <= most < 10**digits:
        return None  # all days of a month of eight digits may lack their nought
    if not (values[known] % 1 == 0).all():
        return None
    numbers = np.where(known, values, values[known][0]).astype(np.int64)
    for part in (numbers[:: max(1, len(numbers) // FIRST_LOOK)], numbers):
        told = pd.Series(part).astype(str).str.zfill(digits)
        told = told + "1" if form.endswith("%u") else told
        made = pd.to_datetime(told, format=form, errors="coerce")
        if made.isna().any() or not made.dt.year.between(1700, 2200).all():
            return None
    moments: Labels = made.to_numpy().astype("datetime64[us]")
    moments[~known] = np.datetime64("NaT")
    return moments


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
