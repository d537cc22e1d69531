"""Columns of dates and times of day, in the ways that people and loggers write them.

One pattern a way of writing, matched for a whole column at once; what it takes out is put together
as numbers. Where day and month can be told in either order, the order that runs forward is taken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lstm_viz.data.reading.cells.groups import Groups
from lstm_viz.data.reading.moments import clocks
from lstm_viz.data.reading.moments.calendars import (
    ERAS,
    Wholes,
    calendar_of,
    century_of,
    date_of,
    first_monday,
    month_of,
    named_season_of,
    roman_of,
    season_of,
)
from lstm_viz.data.reading.moments.order import best_of, disorder
from lstm_viz.data.reading.moments.ways import ORDERS, SPAN, TIDY, WAYS, Way
from lstm_viz.data.series import Labels

LEAST_TIMES = 0.9
"""Share of the cells that must be read for a column to be one of times."""
FIRST_LOOK = 200
LONGEST = 60
FORMS = (
    (TIDY, ""),
    (r"^(\d\d)\s-\s\d\d$", r"\1:00"),  # the hour 00 - 01
    (r"(:\d{2})([ap])$", r"\1\2m"),  # 08:00a and 01:00p, as Davis writes them
)
"""What is written anew, and how."""
FEWEST_SEASONS = 3
"""Of two years in a row, 2001/02; fewer are months."""
MOST_ZONES = 4
"""Offsets from Greenwich in one column; more of what looks like them are ends of spans."""


@dataclass(frozen=True, eq=False)
class Times:
    """A column of moments, or of times of day."""

    values: Labels
    """(N,) datetime64 with NaT where a cell is none; of times of day, those of 1970-01-01."""
    unit: str = "day"
    """What each cell tells: a day, month, quarter, week, year, two years, or the clock alone."""
    clock: bool = False
    """Whether any tells the time of day."""
    zone: str = ""
    """As the file says it: `"UTC"`, `"+01:00"`; empty where it says none."""
    zones: tuple[str, ...] = ()
    """Of a local clock that is put forward and back; with them, `zone` is `"UTC"` or empty."""
    first: str = ""
    """What was taken to come first, day, month or year; empty where nothing else fits."""
    other: Labels | None = None
    """(N,) the other reading that fits as well."""
    since: int = 0
    """Years from the calendar's first one to ours: -543 in Thailand, 1911 in Taiwan."""

    def changed(self, change: Callable[[Labels], Labels]) -> "Times":
        """With other moments, of both readings."""
        other = None if self.other is None else change(self.other)
        return replace(self, values=change(self.values), other=other)


def times_in(column: pd.Series, day_first: bool | None = None) -> Times | None:
    """A column's moments, where nearly every cell is one; None of a column of anything else."""
    if column.dtype.kind == "M":
        return _typed(column)
    told = column.dropna()
    if told.empty or column.dtype.kind in "biufmc":
        return None
    cells = [_text(cell) for cell in told] if told.dtype == object else told
    words = pa.array(cells, pa.string(), from_pandas=True)
    found = _read(words, day_first)
    if found is None:
        return None
    here = column.notna().to_numpy()

    def among_all(moments: Labels) -> Labels:
        every = np.full(len(column), np.datetime64("NaT"), moments.dtype)
        every[here] = moments
        return every

    return found.changed(among_all)


def _text(cell: object) -> str:
    return (cell if isinstance(cell, str) else str(cell))[:LONGEST]


def _typed(column: pd.Series) -> Times:
    """As workbooks and Parquet hold them."""
    zone, zones = clocks.NONE
    if getattr(column.dtype, "tz", None) is not None:
        local = column.dt.tz_localize(None).to_numpy()
        values = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        east = np.where(np.isnat(values), np.timedelta64(0), local - values)
        zone, zones = clocks.zone_of(values, east, clocks.names_of(east[~np.isnat(values)]))
        values = values if zone == "UTC" else local
    else:
        values = column.to_numpy()
    known = values[~np.isnat(values)]
    clock = bool((known.astype("datetime64[D]") != known).any())
    return Times(values, clock=clock, zone=zone, zones=zones)


def _read(words: Any, day_first: bool | None) -> Times | None:
    words = pc.utf8_trim_whitespace(words)
    some = words[:: max(1, len(words) // FIRST_LOOK)]
    if pc.max(pc.binary_length(some)).as_py() > 2 * LONGEST:
        return None
    if not pc.any(pc.match_substring_regex(some, r"\d")).as_py():
        return None
    for form, plain in FORMS:
        if pc.any(pc.match_substring_regex(some, form)).as_py():
            words = pc.replace_substring_regex(words, form, plain)
            some = words[:: max(1, len(words) // FIRST_LOOK)]
    if _are_spans(some):
        words = pc.replace_substring_regex(words, SPAN, r"\1")
        some = words[:: max(1, len(words) // FIRST_LOOK)]
    if pc.any(pc.match_substring(words, "A:")).as_py():  # 02A:00 and 02B:00, an hour and its like
        words = pc.replace_substring_regex(words, r"\b(\d{1,2})[AB]:(\d{2})", r"\1:\2")
    for way in WAYS:
        matched = pc.match_substring_regex(some, _unnamed(way.pattern))
        if pc.mean(matched).as_py() < LEAST_TIMES:
            continue
        found = _assembled(Groups(words, way.pattern), way, day_first)
        if found is not None and np.isnat(found.values).mean() <= 1 - LEAST_TIMES:
            return found
    return None


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(", pattern)


def _are_spans(some: Any) -> bool:
    """Whether each cell tells a beginning and an end, and not a moment and its zone."""
    if not pc.all(pc.match_substring_regex(some, SPAN)).as_py():
        return False
    ends = pc.unique(pc.replace_substring_regex(some, SPAN, r"\2"))
    return len(ends) > MOST_ZONES or pc.min(pc.binary_length(ends)).as_py() > len("+00:00:00")


def _assembled(groups: Groups, way: Way, day_first: bool | None) -> Times | None:
    """The moments that groups tell."""
    clock, (names, minutes) = groups.clock(), groups.zones()
    east = np.zeros(groups.count, "timedelta64[m]") if minutes is None else minutes
    if way.unit == "clock":
        told = (groups.numbers("M", -1) >= 0) | np.isin(groups.words("mark"), ("h", "時"))
        for name in ("half", "before", "oclock"):
            told |= groups.words(name) != ""
        if told.mean() < LEAST_TIMES:
            return None
        of_day: Labels = np.datetime64("1970-01-01", "us") + clock.since
        of_day[clock.wrong] = np.datetime64("NaT")
        return Times(of_day, "clock", True, *_unknown(names))
    readings = []
    for first, days in _days(groups, way, day_first):
        values = days.astype("datetime64[us]") + clock.since - east
        values[clock.wrong | np.isnat(days)] = np.datetime64("NaT")
        if np.isnat(values).mean() <= 1 - LEAST_TIMES:
            readings.append((first, values))
    if not readings:
        return None
    half = (groups.words("half") != "").any()
    first, values, other = best_of(readings, usual="month" if half else "day")
    since = 0 if "era" in groups else calendar_of(groups.numbers("c" if "a" in groups else "y"))
    known = names if minutes is not None else []
    zone, zones = clocks.zone_of(values, east, known, greenwich=groups.greenwich())
    if minutes is None and names:
        zone, zones = _unknown(names)
    if zone != "UTC":
        values, other = values + east, None if other is None else other + east
    return Times(values, way.unit, clock.told, zone, zones, first, other, since)


def _unknown(names: list[str]) -> clocks.Zones:
    """Zones by name, of which it is not known how far east they are."""
    return (names[0], ()) if len(names) == 1 else ("", tuple(names))


def _days(
    groups: Groups, way: Way, day_first: bool | None
) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """(what comes first, (N,) days, NaT where there is none such) of each reading that may fit."""
    if "a" in groups:
        yield from _in_any_order(groups, day_first)
        return
    if "named" in groups:
        yield "", _seasons(groups)
        return
    year = _years(groups)
    ones = np.ones_like(year)
    if "next" in groups:
        days = date_of(year, ones, ones)
        days[(groups.numbers("next") - year - 1) % 100 != 0] = np.datetime64("NaT")
        if len(np.unique(days[~np.isnat(days)])) < FEWEST_SEASONS:
            return
    elif way.unit == "week":
        monday = first_monday(year)
        week, day = groups.numbers("w"), groups.numbers("wd", 1)
        days = monday + ((week - 1) * 7 + day - 1).astype("timedelta64[D]")
        days[(week < 1) | (week > 53)] = np.datetime64("NaT")
    elif "doy" in groups:
        of_year = groups.numbers("doy")
        days = date_of(year, ones, ones) + (of_year - 1).astype("timedelta64[D]")
        days[(of_year < 1) | (of_year > 366)] = np.datetime64("NaT")
    else:
        days = date_of(year, _months(groups), groups.numbers("d", 1))
    yield "", days


def _months(groups: Groups) -> Wholes:
    """Months, or the first ones of what is told."""
    if "q" in groups:
        return 3 * groups.numbers("q") - 2
    if "hy" in groups:
        return 6 * groups.numbers("hy") - 5
    if "term" in groups:
        return np.where(np.char.startswith(np.char.lower(groups.words("term")), "w"), 10, 4)
    for roman, each, first in (("roman", 3, -2), ("roman_month", 1, 0)):
        if roman in groups:
            return each * groups.coded(roman, roman_of) + first
    if "season" in groups:
        return groups.coded("season", season_of)
    return groups.coded("word", month_of) if "word" in groups else groups.numbers("m")


def _seasons(groups: Groups) -> npt.NDArray[Any]:
    """(N,) the middle months of seasons by name; those over New Year are of the year that begins.

    A winter of one year begins or ends in it, whichever lets the rows run on.
    """
    year, over = _years(groups), groups.numbers("over", -1)
    told = over >= 0
    month = np.where(told, 1, groups.coded("named", named_season_of))
    days = date_of(year + told, month, np.ones_like(year))
    days[told & ((over - year - 1) % 100 != 0)] = np.datetime64("NaT")
    winters = (month == 1) & ~told
    ended = np.where(winters, date_of(year + 1, month, np.ones_like(year)), days)
    return min(days, ended, key=disorder)


def _in_any_order(groups: Groups, day_first: bool | None) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    long = (np.char.str_len(groups.words("c")) == 4).mean() >= LEAST_TIMES
    parts = {name: groups.numbers(name) for name in "abc"}
    for first, (y, m, d) in ORDERS.items():
        if first == "year" and (long or day_first is not None):
            continue
        if day_first is not None and first != ("day" if day_first else "month"):
            continue
        yield first, date_of(century_of(parts[y]), parts[m], parts[d])


def _years(groups: Groups) -> Wholes:
    if "era" in groups:
        begin = np.array([ERAS.get(era, 0) for era in groups.words("era")])
        return begin + groups.numbers("y", 1)
    return century_of(groups.numbers("y"))
