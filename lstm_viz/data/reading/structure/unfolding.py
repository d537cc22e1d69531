"""Tables with a row a year and a column a month, or a row a day and a column an hour, as one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.data.reading.cells.kinds import is_total
from lstm_viz.data.reading.cells.numbers import Numbers
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments.calendars import month_of, season_of
from lstm_viz.data.reading.moments.index import When
from lstm_viz.data.reading.moments.times import Times
from lstm_viz.data.reading.shape import roughness
from lstm_viz.data.reading.table import Table
from lstm_viz.words import N_

YEARLY = re.compile(
    r"(?:ann(?:ual|ée)?|year(?:ly)?|jahr(?:esmittel|essumme)?|j-d|d-n|djf|mam|jja|son|daily|day)"
    r"(?:[ _-]?(?:mean|avg|average|total|sum|mittel))?",
    re.I,
)
"""What columns are called, beside months or hours, that sum those up."""
CLOCK = re.compile(
    r"(\d{1,2})[:h]?(\d{2})(?::00)?(?: ?([AaPp])\.?[Mm]\.?)?(?: ?[-–] ?\d{1,2}[:h]\d{2})?"
)
COUNTED = re.compile(
    r"(?:(?:h|hr|hour|he|hour[ _]?ending|stunde|std|heure|hora|period|sp)[ _.]?)?(\d{1,2})"
    r" ?(?:h|時|时|uhr)?",
    re.I,
)
MONTH_COUNTED = re.compile(r"(?:m|mon|month|monat|mois|mes)?[ _.]?(\d{1,2})月?", re.I)
ALONG, APART = 1.0, 1000
"""Mean squared step over variance along a row of hours, which noise has twice; how many times that
of a usual column the size of one may be. Columns that are only numbered may be stations."""
IN_A_DAY = (24, 48, 96)
"""Columns of hours, halves and quarters of one."""


ENDING = re.compile(r"he|hours?[ _-]?ending", re.I)
MONTHS_ACROSS = N_(
    "Each row is a year and each column a month; they were read as one series. For a row a year, "
    "clear the columns that say when and choose them again."
)
BEGINS_LATER = N_(
    "The months begin with '{head}', and all were read as those of the year of their row. If a row "
    "runs over New Year, write both years, such as 2001/02."
)
HOURS_ACROSS = N_(
    "Each row is a day and each column a part of it; they were read as one series, '{head}' at "
    "{clock}. For a row a day, clear the columns that say when and choose them again."
)


def begin_of_hours(table: Table) -> None:
    """Stamp an hour that is called by its end, 1 to 24, at its begin, as where hours are across."""
    when = table.when
    if when is None or not when.times.clock:
        return
    for place in when.places:
        numbers = table.numbers[place]
        if numbers is None or not ENDING.fullmatch(table.names[place].strip()):
            continue
        if numbers.values.min() < 1 or numbers.values.max() > 24:
            return
        times = when.times.changed(lambda moments: moments - np.timedelta64(1, "h"))
        table.when = replace(when, times=times)
        said = N_("'{column}' is when an hour ends: 1 is the one from 00:00, and stands at 00:00.")
        table.say(said, column=table.names[place])
        return


def unfold(table: Table, how: How, layout: dict[str, Any]) -> None:
    """A row a year and a column a month, or a row a day and a column an hour, as one series; where
    it is told which column says when, a row stays one.
    """
    if table.when is None or table.when.times.clock or how.time is not None:
        return
    unit = table.when.times.unit
    across = {"year": _months, "two years": _months_of_two, "day": _hours}
    of = across.get(unit, lambda _: {})(table)
    names = [table.names[place] for place in table.values if place not in of]
    if not of or not all(is_total(name) or YEARLY.fullmatch(name.strip()) for name in names):
        return
    when, places = table.when, sorted(of, key=of.__getitem__)
    step = "m" if unit == "day" else "M"
    offsets = np.array([of[place] for place in places]).astype(f"timedelta64[{step}]")
    begin = when.times.values.astype(f"datetime64[{step}]")
    moments = (begin[:, None] + offsets).reshape(-1).astype("datetime64[us]")
    values = np.stack([table.values[place] for place in places], axis=1).reshape(-1)
    begin_of_row = table.names[next(iter(of))]
    head, first = table.names[places[0]], str(moments[0].astype("datetime64[m]"))[-5:]
    words = [p for p, n in table.numbers.items() if n is None and p not in when.places]
    rows = np.repeat(np.arange(len(begin)), len(places))
    columns = [table.frame.iloc[:, place].to_numpy()[rows] for place in words]
    table.frame = pd.DataFrame(dict(enumerate([*columns, values])))
    table.names = (*(table.names[place] for place in words), "value")
    table.numbers = {**dict.fromkeys(range(len(words))), len(words): Numbers(values)}
    table.when = When(Times(moments, "day" if unit == "day" else "month"), ())
    told = np.flatnonzero(np.isfinite(values))
    table.keep(np.arange(int(told[-1]) + 1 if told.size else 0))  # months yet to come
    layout["time_unit"] = table.when.times.unit
    table.say(HOURS_ACROSS if unit == "day" else MONTHS_ACROSS, head=head, clock=first)
    if unit == "year" and next(iter(of.values())):
        table.say(BEGINS_LATER, head=begin_of_row)
    if names:
        listed = ", ".join(f"'{name}'" for name in names)
        table.say(N_("Columns that sum up others were left out: {names}."), names=listed)


def _months(table: Table) -> dict[int, int]:
    """Place -> month from 0; none where not all are there once."""
    names = {place: table.names[place] for place in table.values}
    if [*names.values()] == [f"column {number}" for number in range(2, 14)]:
        return {place: month for month, place in enumerate(names)}
    for number_of in (month_of, season_of, _counted):
        of = {place: number_of(name) - 1 for place, name in names.items() if number_of(name)}
        if sorted(of.values()) == [*range(12)]:
            places = sorted(of, key=of.__getitem__)
            if number_of is _counted and not _alike_in(table, places):
                said = N_(
                    "'{first}' to '{last}' may be months, but their values do not run on from one "
                    "to the next: each was read as a series of its own."
                )
                table.say(said, first=table.names[places[0]], last=table.names[places[-1]])
                return {}
            return of
    return {}


def _months_of_two(table: Table) -> dict[int, int]:
    """Place -> month from the first of two years on; none where a row begins with January."""
    of = _months(table)
    begin = next(iter(of.values()), 0)
    return {place: month + 12 * (month < begin) for place, month in of.items()} if begin else {}


def _counted(name: str) -> int:
    found = MONTH_COUNTED.fullmatch(name.strip())
    return int(found[1]) if found else 0


def _hours(table: Table) -> dict[int, int]:
    """Place -> minutes since midnight; none where the parts of a day are not all there once."""
    names = {place: table.names[place].strip() for place in table.values}
    assert table.when is not None
    words = any(n is None for p, n in table.numbers.items() if p not in table.when.places)
    if not words and len(np.unique(table.when.times.values)) < len(table.frame):
        return {}
    for pattern in (CLOCK, COUNTED):
        found = {p: match for p, name in names.items() if (match := pattern.fullmatch(name))}
        count = len(found)
        if count in IN_A_DAY:
            plain = all(names[place].isdigit() for place in found)
            if plain and not _alike_in(table, [*found]):
                return {}
            step = 24 * 60 // count
            told = [_clock(*match.groups()) for match in found.values()]
            minutes = _minutes(told, step)
            return dict(zip(found, minutes, strict=True)) if minutes else {}
    return {}


def _alike_in(table: Table, places: Sequence[int]) -> bool:
    """Whether rows run on from column to column, and all columns are of one size."""
    rows = np.stack([table.values[place] for place in places], axis=1)
    sizes = np.nanmean(np.abs(rows), axis=0)
    usual = np.nanmedian(sizes)
    rough = np.isfinite(along := roughness(rows)) and along > ALONG
    return not rough and bool(usual == 0 or np.nanmax(sizes) <= APART * usual)


def _clock(hour: str, minute: str = "", half: str | None = None) -> list[int]:
    """The parts of a clock, or the one of a count."""
    twelve = int(hour) % 12 + 12 * ((half or "a").lower() == "p") if half else int(hour)
    return [twelve, int(minute)] if minute else [twelve]


def _minutes(told: Sequence[Sequence[int]], step: int) -> list[int]:
    """Since midnight, of clocks or of counts from 0 or 1 on; none where these do not run on."""
    counted = len(told[0]) == 1
    each = [c[0] * step for c in told] if counted else [60 * c[0] + c[1] for c in told]
    if any(b - a != step for a, b in pairwise(each)) or each[0] not in (0, step):
        return []
    return [minute - each[0] for minute in each] if counted else each
