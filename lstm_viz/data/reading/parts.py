"""A date whose parts stand in columns of their own: a year, a month, a day, an hour."""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lstm_viz.data.reading.times import PIVOT, Times
from lstm_viz.data.series import Labels, Rows

PARTS = (
    (
        "year",
        re.compile(r"^#? ?(?:years?|yr|yy|yyyy|jahr|ann[ée]e|a[ñn]o|ano|anno|jaar|年|年度)$", re.I),
    ),
    ("month", re.compile(r"^(?:months?|mon|mo|mm|monat|mois|mes|mese|maand|月)$", re.I)),
    (
        "day",
        re.compile(r"^(?:days?|dd|dy|tag|jour|d[ií]a|dia|giorno|dag|日|day of month|dom)$", re.I),
    ),
    (
        "hour",
        re.compile(
            r"^(?:hours?|hh|hr|he|hour[ _-]?(?:ending|of[ _-]?day)|stunde|heure|hora|ora|uur|時|时)"
            r"$",
            re.I,
        ),
    ),
    ("minute", re.compile(r"^(?:minutes?|min|mi|minuto|分)$", re.I)),
    ("second", re.compile(r"^(?:seconds?|sec|ss|sekunde|seconde|segundo|秒)$", re.I)),
    (
        "doy",
        re.compile(
            r"^(?:doy|jday|yday|julian ?day|julian|day ?of ?(?:the )?year|dayofyear|ddd)$", re.I
        ),
    ),
    (
        "week",
        re.compile(r"^(?:weeks?|wk|kw|kalenderwoche|semaine|semana|iso ?week|週|woche)$", re.I),
    ),
    ("quarter", re.compile(r"^(?:quarters?|qtr|quartal|trimestre|q|四半期)$", re.I)),
)
"""What columns that hold a part of a date each are called. `mm` is a minute after an hour."""
UNNAMED = (
    ("year", 1700, 2200),
    ("month", 1, 12),
    ("day", 1, 31),
    ("hour", 0, 24),
    ("minute", 0, 59),
)
"""Parts in the order in which they stand, and between what they are."""


def named(names: Sequence[str]) -> dict[str, int]:
    """Part of a date -> the column that is called so.

    >>> named(["#YY", "MM", "DD", "hh", "mm", "WDIR"])
    {'year': 0, 'month': 1, 'day': 2, 'hour': 3, 'minute': 4}
    """
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        for part, words in PARTS:
            if words.match(name.strip(" ()[]").split(" (")[0]):
                minute = part == "month" and name.startswith("m") and "hour" in found
                found.setdefault("minute" if minute else part, place)
                break
    return found


def unnamed(names: Sequence[str], values_of: Callable[[str, int], Rows | None]) -> dict[str, int]:
    """The parts of a date in the first columns, which have no names: as few as run strictly on.

    A column of something else may come before. Empty where they are no dates.
    """
    for first in (0, 1):
        told: dict[str, Rows] = {}
        for place, (part, low, high) in enumerate(UNNAMED, first):
            if place >= len(names) or names[place] != f"column {place + 1}":
                break
            values = values_of(part, place)
            if values is None or not ((values >= low) & (values <= high) & (values % 1 == 0)).all():
                break
            told[part] = values
            found = put_together(told) if len(told) > 1 else None
            if found is not None and (np.diff(found[0].values).astype(np.int64) > 0).all():
                return {each: first + at for at, each in enumerate(told)}
    return {}


def enough(found: Mapping[str, int]) -> bool:
    """Whether parts tell a moment."""
    return "year" in found and bool({"month", "doy", "week", "quarter"} & {*found})


def put_together(told: Mapping[str, Rows]) -> tuple[Times, list[str]] | None:
    """(the moments of parts, those that were used); None where they are no dates."""
    year = told.get("year")
    if year is None:
        return None
    year = np.where(year <= PIVOT, year + 2000, np.where(year < 100, year + 1900, year))
    if not np.isfinite(year).all() or year.min() < 1000 or year.max() > 3000:
        return None
    found = _day(year, told)
    if found is None:
        return None
    days, unit, used = found
    moments: Labels = days.astype("datetime64[us]")
    clock = False
    for name, seconds in (("hour", 3600), ("minute", 60), ("second", 1)):
        part = told.get(name)
        if part is not None and np.isfinite(part).all() and "hour" in told and "day" in used:
            moments = moments + np.round(part * seconds).astype("timedelta64[s]")
            used.append(name)
            clock = True
    return Times(moments, unit, clock), used


def _day(year: Rows, told: Mapping[str, Rows]) -> tuple[Labels, str, list[str]] | None:
    """(days, what they stand for, the parts that were used)."""
    first = (year - 1970).astype(np.int64).astype("datetime64[Y]").astype("datetime64[M]")
    for name, low, high in (("month", 1, 12), ("doy", 1, 366), ("quarter", 1, 4), ("week", 1, 53)):
        part = told.get(name)
        if part is None or not ((part >= low) & (part <= high)).all():
            continue
        if name == "month":
            months = first + (part - 1).astype("timedelta64[M]")
            day = told.get("day")
            if day is None or not ((day >= 1) & (day <= 31)).all():
                return months.astype("datetime64[D]"), "month", ["year", "month"]
            days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
            return days, "day", ["year", "month", "day"]
        if name == "quarter":
            quarters = first + (3 * part - 3).astype("timedelta64[M]")
            return quarters.astype("datetime64[D]"), name, ["year", name]
        begin = first.astype("datetime64[D]")
        if name == "week":  # the week of the fourth of January is the first one, from Monday
            fourth = begin + np.timedelta64(3, "D")
            begin = fourth - ((fourth.astype(np.int64) + 3) % 7).astype("timedelta64[D]")
            return begin + (7 * part - 7).astype("timedelta64[D]"), name, ["year", name]
        return begin + (part - 1).astype("timedelta64[D]"), "day", ["year", name]
    return None
