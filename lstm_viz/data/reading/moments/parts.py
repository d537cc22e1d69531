"""A date whose parts stand in columns of their own: a year, a month, a day, an hour."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.moments.calendars import (
    PIVOT,
    first_monday,
    month_of,
    roman_of,
    season_of,
)
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.series import Labels, Rows

_NAMES = {
    "year": r"#? ?(?:years?|yr|yy|yyyy|jahr|ann[ée]e|a[ñn]o|ano|anno|jaar|年|年度)",
    "month": r"seas(?:ons?)?|months?|mon|mo|mm|monat|mois|mes|mese|maand|月",
    "day": r"days?|dd|dy|tag|jour|d[ií]a|dia|giorno|dag|日|day of month|dom",
    "hour": r"hours?|hh|hr|he|hour[ _-]?(?:ending|of[ _-]?day)|stunde|heure|hora|ora|uur|時|时",
    "minute": r"minutes?|min|mi|minuto|分",
    "second": r"seconds?|sec|ss|sekunde|seconde|segundo|秒",
    "doy": r"doy|jday|yday|julian ?day|julian|day ?of ?(?:the )?year|dayofyear|ddd",
    "week": r"weeks?|wk|kw|kalenderwoche|semaine|semana|iso ?week|週|woche",
    "quarter": r"quarters?|qtr|quartal|trimestre|q|四半期",
    "digits": r"hhmm|hh:mm|hrmn|hrmin",
}
PARTS = {part: re.compile(rf"^(?:{names})$", re.I) for part, names in _NAMES.items()}
"""What columns that hold a part of a date each are called. `mm` is a minute after an hour;
digits are 930 for half past nine.
"""
SNAP = np.timedelta64(10, "s")
"""How far the four decimals of a day may lie from a whole minute."""
PERIODS = (("month", 1, 12), ("doy", 1, 366.99999), ("quarter", 1, 4), ("week", 1, 53))
"""Parts of a year, and between what they are."""
IN_WORDS = {
    "month": re.compile(r"^M ?(\d{1,2})$", re.I),
    "quarter": re.compile(
        r"^(?:Q|T|K|qtr|quarter|quartal|trimestre|第)?[ .]*0?([1-5])(?:\.|st|nd|rd|th|er|º|e|ème)?"
        r" ?(?:Q|T|quarter|quartal|trimestre|四半期)?$",
        re.I,
    ),
    "week": re.compile(r"^(?:W|KW|CW|week|woche|semaine|semana|第)[ .]*(\d{1,2})(?:週|周)?$", re.I),
}
"""How a part of a year is written in words. A 13th month and a 5th quarter are the year's mean."""
PERIOD = re.compile(r"^(?:period|periode|période|periodo|período)$", re.I)
"""What a column is called that holds months, quarters or weeks, told apart by their letter."""
MOST_UNLIKE = 60
LETTERS = {"M": "month", "Q": "quarter", "W": "week"}
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
        for part, words in PARTS.items():
            if words.match(name.strip(" ()[]").split(" (")[0]):
                minute = part == "month" and name.startswith("m") and "hour" in found
                found.setdefault("minute" if minute else part, place)
                break
    return found


def in_words(part: str, cells: pd.Series) -> Rows | None:
    """(N,) numbers of a part of a year in words, NaN of what sums up a year; None of others."""
    pattern = IN_WORDS.get(part)
    if pattern is None or cells.isna().any():
        return None
    most = next(int(high) for name, _, high in PERIODS if name == part)
    unlike = cells.unique()
    read: dict[Any, float] = {}
    for cell in unlike[: MOST_UNLIKE + 1]:
        found = pattern.match(str(cell).strip())
        told = str(cell).strip()
        word = (month_of(told) or season_of(told)) if part == "month" else 0
        roman = roman_of(told) if part in ("month", "quarter") else 0
        read[cell] = int(found[1]) if found else word or (roman if roman <= most else 0)
    if len(unlike) > MOST_UNLIKE or min(read.values()) < 1:
        return None
    values: Rows = cells.map(read).to_numpy(np.float64)
    return np.where(values > most, np.nan, values)


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


def put_together(
    told: Mapping[str, Rows], *, once_too: bool = True
) -> tuple[Times, list[str]] | None:
    """(the moments of parts, those that were used); None where they are no dates.

    Without `once_too`, hours beside days that are there once each are none of a clock.
    """
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
    if bool((days.astype("datetime64[D]") != days).any()):
        return Times(moments, unit, clock=True), used
    once = len(np.unique(moments)) == len(moments)
    if not once_too and once and "minute" not in told:
        told = {part: values for part, values in told.items() if part != "hour"}
    since, more = since_midnight(told) if unit == "day" else (np.timedelta64(0, "s"), [])
    return Times(moments + since, unit, clock=bool(more)), [*used, *more]


def since_midnight(told: Mapping[str, Rows]) -> tuple[Any, list[str]]:
    """((N,) times of day, the parts that tell them)."""
    digits = told.get("digits")
    if digits is not None and "hour" not in told:
        minutes = digits // 100 * 60 + digits % 100
        if ((digits % 100 < 60) & (digits <= 2400)).all():
            return np.round(minutes).astype("timedelta64[m]"), ["digits"]
    since: Any = np.timedelta64(0, "s")
    used: list[str] = []
    hours = told.get("hour")
    if hours is None or not ((hours >= 0) & (hours <= 24) & (hours % 1 == 0)).all():
        return since, used
    for name, seconds in (("hour", 3600), ("minute", 60), ("second", 1)):
        part = told.get(name)
        if part is not None and ((part >= 0) & (part < 60)).all():
            since = since + np.round(part * seconds).astype("timedelta64[s]")
            used.append(name)
    return since, used


def _day(year: Rows, told: Mapping[str, Rows]) -> tuple[Labels, str, list[str]] | None:
    """(days, what they stand for, the parts that were used)."""
    first = (year - 1970).astype(np.int64).astype("datetime64[Y]").astype("datetime64[M]")
    for name, low, high in PERIODS:
        part = told.get(name)
        if part is None or not ((part >= low) & (part <= high)).all():
            continue
        if name == "month":
            months = first + (part - 1).astype("timedelta64[M]")
            day = told.get("day")
            if day is None or not ((day >= 1) & (day <= 31) & (day % 1 == 0)).all():
                return months.astype("datetime64[D]"), "month", ["year", "month"]
            days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
            return days, "day", ["year", "month", "day"]
        if name == "quarter":
            quarters = first + (3 * part - 3).astype("timedelta64[M]")
            return quarters.astype("datetime64[D]"), name, ["year", name]
        if name == "week":
            days = first_monday(year.astype(np.int64)) + (7 * part - 7).astype("timedelta64[D]")
            return days, name, ["year", name]
        moments = first.astype("datetime64[D]") + np.round((part - 1) * 86400).astype(
            "timedelta64[s]"
        )
        minutes = (moments + np.timedelta64(30, "s")).astype("datetime64[m]")
        near = bool((np.abs(moments - minutes) <= SNAP).all())
        return minutes if near else moments, "day", ["year", name]
    return None
