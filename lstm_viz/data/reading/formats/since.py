"""Times as NetCDF has them: numbers of "days since 1850-01-01", in a calendar."""

import re

import numpy as np

from lstm_viz.data.series import Rows
from lstm_viz.words import N_, Sentence

_LENGTHS = {
    86_400_000_000: "days day d",
    3_600_000_000: "hours hour hrs hr h",
    60_000_000: "minutes minute mins min",
    1_000_000: "seconds second secs sec s",
    1000: "milliseconds millisecond millisecs millisec msecs msec ms",
    1: "microseconds microsecond microsecs microsec",
}
LENGTHS = {name: length for length, names in _LENGTHS.items() for name in names.split()}
"""A unit of time, in microseconds."""
NANOSECONDS = ("nanoseconds", "nanosecond", "ns")
MIXED = ("standard", "gregorian", "")
"""Calendars that are Julian up to 4 October 1582, the day before the 15th; `""` is the default."""
CALENDARS = (*MIXED, "proleptic_gregorian")
MOMENT = re.compile(
    r"(\d{1,4})-(\d{1,2})(?:-(\d{1,2}))?"
    r"(?:(?:t| +)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?"
    r" *(?:z|utc|gmt|([+-]\d{1,2})(?::?(\d{2}))?)?"
)
"""A year is always first, and means itself: 12-03-04 is in the year 12."""
EPOCH = 2_440_588
"""The Julian day number of 1970-01-01."""
REFORM = (1582, 10, 15)
LONGEST = 8e18
"""Microseconds that 64 bits hold."""


def since(units: str, calendar: str) -> tuple[float, np.datetime64] | None:
    """(microseconds in a unit, the moment it counts from); None of what is no date of ours.

    >>> since("hours since 1-1-1 00:00:0.0", "standard")
    (3600000000, np.datetime64('0000-12-30T00:00:00.000000'))
    >>> since("days since 2000-01-01", "noleap"), since("months since 2000-01-01", "")
    (None, None)
    """
    unit, _, begin = (each.strip() for each in units.lower().partition(" since "))
    found = MOMENT.fullmatch(begin)
    length = 1e-3 if unit in NANOSECONDS else LENGTHS.get(unit)
    if length is None or found is None or calendar.lower() not in CALENDARS:
        return None
    year, month, day = (int(found[place] or 1) for place in (1, 2, 3))
    if not (year and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    julian = calendar.lower() in MIXED and (year, month, day) < REFORM
    days = _day_number(year, month, day, julian=julian) - EPOCH
    minutes = int(found[4] or 0) * 60 + int(found[5] or 0) - _east(found)
    late = minutes * 60_000_000 + round(float(found[6] or 0) * 1e6)
    return length, np.datetime64(days, "D").astype("datetime64[us]") + np.timedelta64(late, "us")


def _east(found: re.Match[str]) -> int:
    """Minutes east of Greenwich."""
    hours, minutes = int(found[7] or 0), int(found[8] or 0)
    return 60 * hours + (-minutes if (found[7] or "").startswith("-") else minutes)


def _day_number(year: int, month: int, day: int, *, julian: bool) -> int:
    """The Julian day number of a date in either calendar.

    >>> _day_number(1582, 10, 4, julian=True) + 1 == _day_number(1582, 10, 15, julian=False)
    True
    """
    before = (14 - month) // 12
    years, months = year + 4800 - before, month + 12 * before - 3
    days = day + (153 * months + 2) // 5 + 365 * years + years // 4
    return days - (32_083 if julian else 32_045 + years // 100 - years // 400)


def moments(values: Rows, units: str, calendar: str) -> Rows | None:
    """Such numbers as moments, in microseconds, or in milliseconds where they hold no more."""
    told = since(units, calendar)
    if told is None:
        return None
    length, begin = told
    known = values[np.isfinite(values)]
    most = np.abs(known).max(initial=0)
    if most * length > LONGEST:
        return None
    whole = np.where(np.isfinite(values), np.trunc(values), 0)
    rest = (np.where(np.isfinite(values), values, 0) - whole) * length
    fine = np.spacing(most) * length <= 0.5 or not rest.any()
    rest = np.round(rest) if fine else np.round(rest, -3)
    steps = np.round(whole * length) if length < 1 else whole.astype(np.int64) * int(length)
    found = begin + (steps.astype(np.int64) + rest.astype(np.int64)).astype("timedelta64[us]")
    return np.where(np.isfinite(values), found, np.datetime64("NaT", "us"))


def said(name: str, units: str, calendar: str, times: Rows | None) -> list[Sentence]:
    """Why times were not read as such, that they are in UTC where they count from a moment that is
    not, or that early ones have another date in their calendar.
    """
    facts = {"column": name, "units": units, "calendar": calendar or "standard"}
    if times is not None:
        early = times < np.datetime64("1582-10-15")
        text = N_(
            "Dates of '{column}' before 15 October 1582 are those of the Gregorian calendar; the "
            "file has them in the Julian one."
        )
        notes = [Sentence(text, facts)] if calendar.lower() in MIXED and early.any() else []
        begin = MOMENT.fullmatch(units.lower().partition(" since ")[2].strip())
        utc = N_("The times in '{column}' count '{units}', and are given in UTC.")
        return [*notes, Sentence(utc, facts)] if begin is not None and _east(begin) else notes
    if calendar.lower() not in CALENDARS:
        text = N_(
            "The times in '{column}' are of the calendar '{calendar}', not of the common one: they "
            "were left out, and the rows are numbered."
        )
    else:
        text = N_(
            "The times in '{column}' count '{units}', which tells no dates here: they were left "
            "out, and the rows are numbered."
        )
    return [Sentence(text, facts)]
